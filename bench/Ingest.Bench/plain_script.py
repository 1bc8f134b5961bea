"""The intake as an agency would script it in an afternoon: csv and sqlite3, each row checked, its history looked up, receipts written.

Arguments: a database, a folder for receipts, then KIND=FILE for each file in order of arrival.
"""
import csv
import json
import re
import sqlite3
import sys
from datetime import date

CODE = re.compile(r"[A-ZÅÄÖ0-9]{1,10}$")


def luhn(number):
    total = 0
    for i, digit in enumerate(number):
        d = int(digit) * (2 - i % 2)
        total += d - 9 if d > 9 else d
    return total % 10 == 0


def day(text):
    return date.fromisoformat(text)


def number(text):
    return float(text.replace(",", ".")) if text else None


def check(kind, row, db):
    """What is wrong with a row, as messages."""
    faults = []
    if row["åtgärd"] not in ("N", "B"):
        faults.append("åtgärd är N eller B")
    if not CODE.match(row["kurskod"] or ""):
        faults.append("kurskod är fel")
    for column in ("start", "slut", "registreringsdatum", "avbrottsdatum", "examinationsdatum"):
        if row.get(column):
            try:
                day(row[column])
            except ValueError:
                faults.append(column + " är inget datum")
    for column in ("omfattning", "hp", "studietakt"):
        try:
            number(row.get(column) or "")
        except ValueError:
            faults.append(column + " är inget tal")
    if kind in ("CourseOffering", "Module"):
        return faults
    pnr = row["personnummer"] or ""
    if not (len(pnr) == 12 and pnr.isdigit() and luhn(pnr[2:])):
        faults.append("personnummer är fel")
    if row["händelse-id"] and db.execute("SELECT 1 FROM event WHERE id = ?", (row["händelse-id"],)).fetchone():
        faults.append("händelse-id finns redan")
    if row["åtgärd"] == "N" and kind == "Registration":
        offering = db.execute("SELECT pace, start, end FROM offering WHERE course = ? AND code = ?", (row["kurskod"], row["kurstillfälleskod"])).fetchone()
        if offering is None:
            faults.append("kurstillfället finns inte")
        elif (number_or_none(row["studietakt"]), row["start"], row["slut"]) != offering:
            faults.append("stämmer inte med kurstillfället")
    elif row["åtgärd"] == "N":
        if not db.execute("SELECT 1 FROM event WHERE pnr = ? AND course = ? AND kind = 'Registration'", (pnr, row["kurskod"])).fetchone():
            faults.append("registrering saknas")
    return faults


def number_or_none(text):
    try:
        return number(text or "")
    except ValueError:
        return None


def take(kind, path, db, receipts):
    name = path.rsplit("/", 1)[-1]
    accepted = rejected = 0
    with open(path, encoding="utf-8-sig", newline="") as file, \
            open(f"{receipts}/{name}.accepterade.csv", "w", encoding="utf-8", newline="") as good, \
            open(f"{receipts}/{name}.avvisade.csv", "w", encoding="utf-8", newline="") as bad:
        good, bad = csv.writer(good, delimiter=";"), csv.writer(bad, delimiter=";")
        for line, row in enumerate(csv.DictReader(file, delimiter=";"), 2):
            faults = check(kind, row, db)
            if faults:
                rejected += 1
                for fault in faults:
                    bad.writerow((line, kind, row.get("händelse-id"), fault))
                continue
            accepted += 1
            if kind == "CourseOffering":
                db.execute("INSERT OR REPLACE INTO offering VALUES (?, ?, ?, ?, ?)", (row["kurskod"], row["kurstillfälleskod"], number(row["studietakt"]), row["start"], row["slut"]))
            elif kind != "Module":
                db.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", (row["personnummer"], row["kurskod"], kind, row["åtgärd"], row["händelse-id"] or None, json.dumps(row, ensure_ascii=False)))
            good.writerow((line, kind, row.get("händelse-id"), "accepterad"))
    db.commit()
    with open(f"{receipts}/{name}.kvittens.json", "w", encoding="utf-8") as receipt:
        json.dump({"fil": name, "accepterade": accepted, "avvisade": rejected}, receipt)


def main(database, receipts, *files):
    db = sqlite3.connect(database)
    db.executescript("""
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        CREATE TABLE offering (course TEXT, code TEXT, pace REAL, start TEXT, end TEXT, PRIMARY KEY (course, code));
        CREATE TABLE event (pnr TEXT, course TEXT, kind TEXT, action TEXT, id TEXT, row TEXT);
        CREATE INDEX event_student ON event (pnr, course);
        CREATE UNIQUE INDEX event_id ON event (id);
    """)
    for file in files:
        kind, path = file.split("=", 1)
        take(kind, path, db, receipts)


if __name__ == "__main__":
    main(*sys.argv[1:])
