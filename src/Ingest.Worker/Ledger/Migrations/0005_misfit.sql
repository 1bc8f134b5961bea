-- Standing registrations that the course catalogue, corrected after they were delivered, no longer fits. What was delivered is not
-- judged again; it is only told. A row is one code of one registration, from the close (since) that found it to the close (until) at
-- which it fitted again or the registration stood no longer; so that each close's receipts can be made again as they were.
CREATE TABLE misfit (
    school INTEGER NOT NULL,
    file   INTEGER NOT NULL,
    line   INTEGER NOT NULL,
    code   TEXT NOT NULL,
    since  INTEGER NOT NULL,
    until  INTEGER,
    field  TEXT,
    value  TEXT,
    args   TEXT NOT NULL,
    PRIMARY KEY (school, file, line, code, since)
) WITHOUT ROWID;
