-- Instants are ISO 8601 UTC; dates and file ids are whole numbers that sort as their text does (20261125, 20261125000007);
-- hp are hundredths. Rows of a file count once file.state has passed 'claimed'.

-- commits: raised by each file that counts, so that a judgement knows whether another came while it was made.
CREATE TABLE school (
    id      INTEGER PRIMARY KEY,
    code    TEXT NOT NULL UNIQUE,
    commits INTEGER NOT NULL DEFAULT 0
);

-- The profiles by which files were read, as their text was then: an edited or removed profile changes nothing about a file that is in.
CREATE TABLE profile (
    sha256 TEXT PRIMARY KEY,
    name   TEXT NOT NULL,
    text   TEXT NOT NULL
) WITHOUT ROWID;

-- origin: who put the file there: null the school, else what an operator did (Correction, Certificate, Baseline).
-- profile: null when the file is RVF1, or of no known layout.
-- seal: what verify compares with: for each table, the sum of a hash of every row about the file (FileSeals.cs). Null: not committed.
-- …_purged: the audit entry of the purge that removed it (or has that in hand): the original, the receipts, and the values and arguments
-- of findings with the content of records that the close refused. The row itself, its counts and hashes stay.
CREATE TABLE file (
    id             INTEGER PRIMARY KEY,
    school         TEXT NOT NULL,
    name           TEXT NOT NULL,
    name_masked    INTEGER NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('claimed', 'committed', 'receipted', 'archived', 'quarantined')),
    arrived        TEXT NOT NULL,
    claimed        TEXT NOT NULL,
    cutoff         INTEGER NOT NULL,
    window_note    TEXT,
    bytes          INTEGER,
    sha256         TEXT,
    text_form      INTEGER,
    shape          INTEGER,
    delimiter      TEXT,
    separator_line INTEGER NOT NULL DEFAULT 0,
    status         TEXT,
    system         TEXT,
    environment    TEXT,
    sequence       INTEGER,
    next_sequence  INTEGER,
    declared       INTEGER,
    declared_sum   INTEGER,
    computed_sum   INTEGER,
    read           INTEGER NOT NULL DEFAULT 0,
    accepted       INTEGER NOT NULL DEFAULT 0,
    warned         INTEGER NOT NULL DEFAULT 0,
    waiting        INTEGER NOT NULL DEFAULT 0,
    duplicate      INTEGER NOT NULL DEFAULT 0,
    rejected       INTEGER NOT NULL DEFAULT 0,
    duplicate_of   INTEGER,
    rules_version  TEXT,
    text_version   TEXT,
    language       TEXT,
    origin         TEXT,
    profile        TEXT REFERENCES profile (sha256),
    seal           BLOB,
    original_purged INTEGER,
    receipts_purged INTEGER,
    detail_purged  INTEGER
);
CREATE INDEX file_by_window ON file (school, cutoff);
CREATE INDEX file_by_hash ON file (school, sha256);
CREATE INDEX file_by_origin ON file (school) WHERE origin IS NOT NULL;
CREATE INDEX file_unfinished ON file (school, id) WHERE state IN ('claimed', 'committed', 'receipted');

-- The records of a file in its order, a hundred or so a row: what receipts are rendered from.
-- first: the line of the block's first record; records: what does not change of them, packed (Lines.cs); statuses: their outcomes, a byte each.
CREATE TABLE line (
    file     INTEGER NOT NULL,
    first    INTEGER NOT NULL,
    statuses BLOB NOT NULL,
    records  BLOB NOT NULL,
    PRIMARY KEY (file, first)
) WITHOUT ROWID;

-- close 0: found at intake; 1: found by the close of the file's window.
-- record: the line of the record that it is about, 0 when it is about the file.
CREATE TABLE finding (
    file   INTEGER NOT NULL,
    close  INTEGER NOT NULL,
    record INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    line   INTEGER NOT NULL,
    code   TEXT NOT NULL,
    col    INTEGER,
    length INTEGER,
    field  TEXT,
    value  TEXT,
    args   TEXT,
    PRIMARY KEY (file, close, record, seq)
) WITHOUT ROWID;

-- Everything about students that counts or counted, a file's records together by student and line, some students a row (EventBlocks.cs).
-- records: what does not change of them, packed; states: a byte each, of which a close changes some. 0: in force, or pending while its
-- window is open; 1: past; 2: refused at the close; 3: a repeat, of which only the händelse-id counts.
CREATE TABLE event (
    file    INTEGER NOT NULL,
    block   INTEGER NOT NULL,
    states  BLOB NOT NULL,
    records BLOB NOT NULL,
    PRIMARY KEY (file, block)
) WITHOUT ROWID;

-- In which files, and where in them, a school has said something about a student: by it all that is known of one is found.
CREATE TABLE student_file (
    school  INTEGER NOT NULL,
    student INTEGER NOT NULL,
    file    INTEGER NOT NULL,
    block   INTEGER NOT NULL,
    PRIMARY KEY (school, student, file)
) WITHOUT ROWID;

-- The händelse-id of a file's records, sorted, a hundred or so a row, each with its student (IdClaims.cs). A new file's are held against
-- those of each earlier one as one merges sorted lists; that a record really has the id, and counts, is said by event.
CREATE TABLE event_id (
    file  INTEGER NOT NULL,
    first BLOB NOT NULL,
    ids   BLOB NOT NULL,
    PRIMARY KEY (file, first)
) WITHOUT ROWID;

-- Course catalogue records that took effect, in order.
CREATE TABLE catalogue (
    school   INTEGER NOT NULL,
    file     INTEGER NOT NULL,
    line     INTEGER NOT NULL,
    cutoff   INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    removal  INTEGER NOT NULL,
    course   TEXT NOT NULL,
    code     TEXT NOT NULL,
    title    TEXT,
    hp       INTEGER,
    pace     INTEGER,
    starts   INTEGER,
    ends     INTEGER,
    PRIMARY KEY (school, file, line)
) WITHOUT ROWID;

-- The löpnummer that are used up.
CREATE TABLE sequence (
    school      TEXT NOT NULL,
    system      TEXT NOT NULL,
    environment TEXT NOT NULL,
    number      INTEGER NOT NULL,
    file        INTEGER NOT NULL,
    PRIMARY KEY (school, system, environment, number)
) WITHOUT ROWID;

-- A closing is a row that can exist once. delivered: everything it hands on is on disk.
CREATE TABLE closed_window (
    date      INTEGER PRIMARY KEY,
    closed    TEXT NOT NULL,
    delivered TEXT,
    manifest  TEXT,
    receipts_purged INTEGER
);

-- What a close made of a record when it did not simply deliver it as N.
-- outcome 0 delivered, 1 netted, 2 refused; delivered_as 0 no row of its own, 1 N (with findings), 2 B, 3 Ä.
CREATE TABLE verdict (
    file         INTEGER NOT NULL,
    line         INTEGER NOT NULL,
    outcome      INTEGER NOT NULL,
    delivered_as INTEGER NOT NULL,
    other_file   INTEGER,
    other_line   INTEGER,
    PRIMARY KEY (file, line)
) WITHOUT ROWID;

CREATE TABLE alarm (
    id       INTEGER PRIMARY KEY,
    raised   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    subject  TEXT NOT NULL,
    message  TEXT NOT NULL,
    cleared  TEXT
);
CREATE UNIQUE INDEX alarm_open ON alarm (kind, subject) WHERE cleared IS NULL;

-- Files seen and not yet taken when the service stopped, so that a quiet period goes on over a restart.
CREATE TABLE seen (
    path    TEXT PRIMARY KEY,
    bytes   INTEGER NOT NULL,
    written TEXT NOT NULL,
    changed TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- The processes that work on the root side by side, where the ledger is on a server. beat: raised while it lives.
CREATE TABLE worker (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    started TEXT NOT NULL,
    beat    TEXT NOT NULL
);

-- Whose files only one worker works on; school '/' is the drop folders and the windows.
CREATE TABLE hold (
    school TEXT PRIMARY KEY,
    worker INTEGER NOT NULL
) WITHOUT ROWID;

-- Who has looked at what about students by a command. A row is written before anything is shown.
-- student null: everything that stands for the school. found: whether there was anything to show.
-- seal: a hash of the seal before it and of the entry itself. purged: the purge that emptied it of the student; its seal stays as it was,
-- so that the chain holds, and purged_seal is over that seal and what is left. The same in audit, emptied of why and detail.
CREATE TABLE access (
    id          INTEGER PRIMARY KEY,
    at          TEXT NOT NULL,
    who         TEXT NOT NULL,
    command     TEXT NOT NULL,
    school      TEXT NOT NULL,
    student     INTEGER,
    case_number TEXT,
    found       INTEGER NOT NULL,
    seal        BLOB,
    purged      INTEGER,
    purged_seal BLOB
);

-- What operators did: who, why and under which case number. Written with what was done, or not at all.
CREATE TABLE audit (
    id          INTEGER PRIMARY KEY,
    at          TEXT NOT NULL,
    who         TEXT NOT NULL,
    action      TEXT NOT NULL,
    school      TEXT NOT NULL,
    case_number TEXT NOT NULL,
    why         TEXT,
    file        INTEGER,
    detail      TEXT,
    seal        BLOB,
    purged      INTEGER,
    purged_seal BLOB
);

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

-- Two numbers of one person. number is as compared: twelve digits, or an interim number in upper case without separator.
-- cutoff: the window that was open when the link was made; it holds from that one until another of the same number. seal: a hash of the row.
CREATE TABLE identity_link (
    school TEXT NOT NULL,
    number TEXT NOT NULL,
    person INTEGER NOT NULL,
    cutoff INTEGER NOT NULL,
    audit  INTEGER NOT NULL,
    seal   BLOB,
    PRIMARY KEY (school, number, cutoff)
) WITHOUT ROWID;

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
