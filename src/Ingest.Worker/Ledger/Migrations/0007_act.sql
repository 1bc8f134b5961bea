-- What an operator's command has in hand: its entry for the audit, which takes it when what was reported counts. Until then nothing was
-- done, and the audit, in which each entry is sealed to the one before it, never gives one back.
CREATE TABLE act (
    file        INTEGER PRIMARY KEY,
    at          TEXT NOT NULL,
    who         TEXT NOT NULL,
    action      TEXT NOT NULL,
    school      TEXT NOT NULL,
    case_number TEXT NOT NULL,
    why         TEXT,
    detail      TEXT
);
