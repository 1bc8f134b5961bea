namespace Ingest.Worker.Commands;

/// <summary>What <c>demo</c> drops, day by day and in order: the school's folder and the sample.</summary>
internal static class DemoFiles
{
    /// <summary>
    /// One day: a catalogue and a term in fixed width, CSV in UTF-8 and Latin-1, a file with every kind of fault, one whose records wait in
    /// vain, one that is netted, and one that is refused.
    /// </summary>
    public static readonly (string School, string Sample)[][] Some =
    [
        [
            ("KTH", "fast-bredd/kurskatalog.txt"),
            ("KTH", "fast-bredd/termin.txt"),
            ("KTH", "fast-bredd/avvisad-slutpost.txt"),
            ("LU", "csv/kurstillfallen.csv"),
            ("LU", "csv/registreringar.csv"),
            ("LU", "csv/resultat-latin1.csv"),
            ("LU", "csv/alla-fel.csv"),
            ("LU", "csv/vantar.csv"),
            ("LU", "csv/angrade.csv"),
        ],
    ];

    /// <summary>Every sample: the second day takes back and replaces what the first delivered.</summary>
    public static readonly (string School, string Sample)[][] All =
    [
        [
            ("KTH", "fast-bredd/kurskatalog.txt"),
            ("KTH", "fast-bredd/termin.txt"),
            ("KTH", "fast-bredd/kurstillfallen.txt"),
            ("KTH", "fast-bredd/kurstillfallen-fel.txt"),
            ("KTH", "fast-bredd/moduler.txt"),
            ("KTH", "fast-bredd/moduler-fel.txt"),
            ("KTH", "fast-bredd/registreringar.txt"),
            ("KTH", "fast-bredd/registreringar-fel.txt"),
            ("KTH", "fast-bredd/avbrott.txt"),
            ("KTH", "fast-bredd/avbrott-fel.txt"),
            ("KTH", "fast-bredd/resultat.txt"),
            ("KTH", "fast-bredd/resultat-fel.txt"),
            ("KTH", "fast-bredd/alla-fel.txt"),
            ("KTH", "fast-bredd/avvisad-slutpost.txt"),
            ("KTH", "fast-bredd/omsandning.txt"),
            ("LU", "csv/kurstillfallen.csv"),
            ("LU", "csv/kurstillfallen-fel.csv"),
            ("LU", "csv/moduler.csv"),
            ("LU", "csv/moduler-fel.csv"),
            ("LU", "csv/registreringar.csv"),
            ("LU", "csv/registreringar-tio-siffror.csv"),
            ("LU", "csv/registreringar-utf16.csv"),
            ("LU", "csv/registreringar-fel.csv"),
            ("LU", "csv/avbrott.csv"),
            ("LU", "csv/avbrott-fel.csv"),
            ("LU", "csv/resultat.csv"),
            ("LU", "csv/resultat-latin1.csv"),
            ("LU", "csv/resultat-fel.csv"),
            ("LU", "csv/alla-fel.csv"),
            ("LU", "csv/vantar.csv"),
            ("LU", "csv/angrade.csv"),
            ("LU", "csv/avvisad-kolumn-saknas.csv"),
            ("LU", "csv/avvisad-for-manga-fel.csv"),
        ],
        [
            ("KTH", "fast-bredd/rattelser.txt"),
            ("LU", "csv/rattelser.csv"),
        ],
    ];
}
