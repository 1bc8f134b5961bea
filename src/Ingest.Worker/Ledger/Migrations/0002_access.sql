-- Who has looked at what about students by a command. A row is written before anything is shown.
-- student null: everything that stands for the school. found: whether there was anything to show.
CREATE TABLE access (
    id          INTEGER PRIMARY KEY,
    at          TEXT NOT NULL,
    who         TEXT NOT NULL,
    command     TEXT NOT NULL,
    school      TEXT NOT NULL,
    student     INTEGER,
    case_number TEXT,
    found       INTEGER NOT NULL
);
