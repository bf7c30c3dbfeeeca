//! Lists of readers as people have them.

use crate::program::{Folder, Said};

/// A folder with a brief, and what came of importing this file there.
fn imported(name: &str, bytes: &(impl AsRef<[u8]> + ?Sized)) -> (Folder, Said) {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    folder.write(name, bytes);
    let said = folder.run(&["subscribers", "import", name, "--consent", "paper form"]);
    (folder, said)
}

#[test]
fn a_spreadsheet_is_named_and_not_printed() {
    for (name, bytes, told) in [
        (
            "readers.xlsx",
            &b"PK\x03\x04\x14\0\x08\0[Content_Types].xml\x9c\xffPK\x03\x04\x14\0xl/workbook.xml\x9c\xff"[..],
            "readers.xlsx is an Excel workbook, not a CSV file: open it, choose Save As",
        ),
        (
            "readers.ods",
            b"PK\x03\x04\x14\0\0\0mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK",
            "readers.ods is a LibreOffice or OpenDocument spreadsheet",
        ),
        (
            "readers.pdf",
            b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
            "readers.pdf is a PDF document",
        ),
    ] {
        let (folder, said) = imported(name, bytes);
        assert!(said.code == Some(1) && said.err.contains(told), "{}", said.err);
        assert!(
            said.err.trim().lines().count() == 1 && !said.err.contains("PK"),
            "{}",
            said.err
        );
        assert!(folder.ok(&["subscribers", "list"]).contains("No readers yet"));
    }
}

#[test]
fn countries_and_cities_are_read_as_readers_call_them() {
    let (folder, said) = imported(
        "readers.csv",
        "email,country,zone\nf1@example.org,Brasilien,\nf2@example.org,Vereinigtes Königreich,\n\
         f3@example.org,États-Unis,new york\nf4@example.org,Alemania,\nf5@example.org,Österreich,wien\n\
         f6@example.org,,Alderport\n",
    );
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("nearest large city"), "{}", said.err);
    let listed = folder.ok(&["subscribers", "list"]);
    for home in [
        ["f1@", "Brazil", "America/Sao_Paulo"],
        ["f2@", "United Kingdom", "Europe/London"],
        ["f3@", "United States", "America/New_York"],
        ["f4@", "Germany", "Europe/Berlin"],
        ["f5@", "Austria", "Europe/Vienna"],
        ["f6@", "", "UTC"],
    ] {
        let line = listed.lines().find(|line| line.starts_with(home[0])).unwrap();
        assert!(home.iter().all(|part| line.contains(part)), "{home:?}: {line}");
    }
    let words = [
        "segments",
        "add",
        "isles",
        "--country",
        "Royaume-Uni",
        "--country",
        "Irland",
    ];
    assert!(folder.ok(&words).contains("isles holds 1 reader now"));
    let said = folder.run(&["segments", "add", "none", "--country", "Atlantis"]);
    assert_eq!(said.code, Some(2));
}

#[test]
fn addresses_are_read_as_address_books_write_them() {
    let (folder, said) = imported(
        "readers.csv",
        "email,country\n\"Ann\" <f1@example.org>,NO\n\"\"\"Example, Bo\"\" <f2@example.org>\",NO\n\
         <f3@example.org>,NO\nCy <f4@example.org>; Di <f5@example.org>,NO\n",
    );
    assert!(
        said.out.contains("3 readers added") && said.code == Some(1),
        "{}",
        said.out
    );
    assert!(
        said.err.contains("readers.csv:5: ") && said.err.contains("several addresses in one cell"),
        "{}",
        said.err
    );
    let listed = folder.ok(&["subscribers", "list"]);
    for reader in ["f1@example.org", "f2@example.org", "f3@example.org"] {
        assert!(listed.contains(reader), "{listed}");
    }
    let (_, said) = imported("bare.csv", "Ann <ann@example.org>\nBo <bo@example.org>\n");
    assert!(
        said.err.contains("the first line must name the columns"),
        "{}",
        said.err
    );
}

#[test]
fn a_list_is_read_as_a_spreadsheet_wrote_it_and_no_row_is_lost_behind_a_quotation_mark() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief", "--zone", "Asia/Tokyo"]);
    let import =
        |list: &str, consent: &str| folder.run(&["subscribers", "import", list, "--consent", consent]);
    folder.write(
        "french.csv",
        b"Email;Country;Nom\r\nann@example.org;C\xf4te d'Ivoire;\xc9mile\r\nbo;;\r\n",
    );
    let said = import("french.csv", "paper form");
    assert!(
        said.code == Some(1) && said.out.starts_with("1 reader"),
        "{}{}",
        said.out,
        said.err
    );
    for told in [
        "read as Windows-1252",
        "Email, Country is read and Nom is not",
        "french.csv:3: `bo`",
    ] {
        assert!(said.err.contains(told), "{told}: {}", said.err);
    }
    assert!(folder.ok(&["subscribers", "list"]).contains("Africa/Abidjan"));

    folder.write("old.csv", "sep=;\remail;country\rkim@example.org;NO\rbo;;\r");
    let said = import("old.csv", "paper form");
    assert!(
        said.out.starts_with("1 reader") && said.err.contains("old.csv:4: `bo`"),
        "{}{}",
        said.out,
        said.err
    );

    folder.write(
        "open.csv",
        "email,country,name\ncy@example.org,\"GB\ndi@example.org,FR\ned@example.org,DE,\"Ed\nfay@example.org,SE\n",
    );
    let said = import("open.csv", "paper form");
    assert!(
        said.code == Some(1) && said.err.contains("open.csv:2: lines 2 to"),
        "{}",
        said.err
    );
    folder.write(
        "even.csv",
        "email,name\ngus@example.org,\"Gus\nida@example.org,\"Ida\njo@example.org,Jo\n",
    );
    let said = import("even.csv", "paper form");
    assert!(
        said.code == Some(1) && said.err.contains("even.csv:2: lines 2 to 3"),
        "{}",
        said.err
    );
    folder.write("steering.csv", "email,country\nhal@example.org,\u{1b}[31mRed\n");
    let said = import("steering.csv", "paper form");
    assert!(
        !said.err.contains('\u{1b}') && said.err.contains("[31mRed"),
        "{}",
        said.err
    );
    folder.write("empty.csv", "");
    assert!(
        import("empty.csv", "paper form")
            .err
            .contains("the file is empty")
    );
    let said = import("open.csv", " ");
    assert!(
        said.code == Some(2) && said.err.contains("how and when they agreed"),
        "{}",
        said.err
    );
}

#[test]
fn every_row_of_a_list_of_readers_is_answered_for() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief", "--zone", "Asia/Tokyo"]);
    folder.write(
        "readers.csv",
        "Mail,Land,zone\nann@example.org,Netherlands Antilles,\nbob.example.org,Germany,\n\
         cid@example.org,Atlantis,\ndee@example.org,Swaziland,Africa/Mbabane\nANN@example.org,,\n\
         eve@example.org,\"Korea, Republic of\",Mars/Base\n",
    );
    let import = |more: &[&str]| {
        let columns = ["--column", "email=Mail", "--column", "country=land"];
        let paper = ["--consent", "exported from the old form"];
        folder.run(
            &[
                &["subscribers", "import", "readers.csv"],
                &columns[..],
                &paper,
                more,
            ]
            .concat(),
        )
    };
    let dry = import(&["--dry-run"]);
    assert!(
        dry.out
            .contains("4 readers added, 1 stands twice in the file, 1 bad row."),
        "{}",
        dry.out
    );
    assert!(folder.ok(&["subscribers", "list"]).contains("No readers yet"));

    let said = import(&["--report", "report.csv"]);
    assert_eq!(
        (said.code, said.out),
        (
            Some(1),
            dry.out.replace(" Nothing was changed: it was a dry run.", "")
        )
    );
    let report = std::fs::read_to_string(folder.path().join("report.csv")).unwrap();
    let rows: Vec<&str> = report.lines().skip(1).collect();
    for (row, start, remark) in [
        (0, "2,ann@example.org,added,", "Curaçao or Sint Maarten today"),
        (1, "3,,bad,", "bob.example.org"),
        (2, "4,cid@example.org,added,", "mornings are those of Asia/Tokyo"),
        (3, "5,dee@example.org,added,", ""),
        (4, "6,ANN@example.org,repeated,", ""),
        (5, "7,eve@example.org,added,", "Mars/Base"),
    ] {
        assert!(
            rows[row].starts_with(start) && rows[row].contains(remark),
            "{}",
            rows[row]
        );
        assert_eq!(
            said.err.contains(&format!("readers.csv:{}: ", row + 2)),
            !remark.is_empty(),
            "{}",
            said.err
        );
    }
    let json = folder.ok(&["subscribers", "list", "--json"]);
    let readers: serde_json::Value = serde_json::from_str(&json).unwrap();
    let homes = readers.as_array().unwrap().iter().map(|reader| {
        let keys = ["country", "country_given", "zone", "zone_origin"];
        keys.map(|key| reader[key].as_str().unwrap_or("-")).join(" ")
    });
    let homes: Vec<_> = homes.collect();
    assert_eq!(
        homes,
        [
            "- Netherlands Antilles America/Curacao country",
            "- Atlantis Asia/Tokyo brief",
            "SZ - Africa/Mbabane import",
            "KR - Asia/Seoul country",
        ]
    );

    let again = import(&[]);
    assert!(
        again.out.starts_with("0 readers added, 4 were there already,")
            && again.out.contains("`--if-known fill` adds"),
        "{}",
        again.out
    );
    folder.write(
        "readers.csv",
        "Mail,Land\ncid@example.org,Norway\nann@example.org,\n",
    );
    assert!(
        import(&["--if-known", "fill"])
            .out
            .contains("1 was there already, 1 changed")
    );
    let proof = folder.ok(&["subscribers", "proof", "cid@example.org"]);
    assert!(
        proof.contains("Atlantis, Asia/Tokyo became Norway, Europe/Oslo"),
        "{proof}"
    );
    let wrong = import(&["--column", "zone=Region"]);
    assert!(wrong.err.contains("no column `Region`"), "{}", wrong.err);
}

#[test]
fn a_list_without_headings_loses_no_reader() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    folder.write("readers.csv", "ann@example.org,GB\nbob@example.org,NO\n");
    let import = ["subscribers", "import", "readers.csv", "--consent", "paper form"];
    for more in [&[][..], &["--column", "email=ann@example.org"]] {
        let said = folder.run(&[&import, more].concat());
        assert!(
            said.code == Some(1) && said.err.contains("the first line must name the columns"),
            "{}",
            said.err
        );
    }
    assert!(folder.ok(&["subscribers", "list"]).contains("No readers yet"));
}

#[test]
fn a_reader_whose_form_of_mails_is_not_known_is_kept() {
    let list =
        "email,country,format\nann@example.org,Norway,pdf\nbob@example.org,Norway,Text\nnobody,Norway,html\n";
    let (folder, said) = imported("readers.csv", list);
    assert_eq!(said.code, Some(1));
    assert_eq!(said.out, "2 readers added, 1 bad row.\n");
    let line = said.err.lines().find(|line| line.contains("`pdf`")).unwrap();
    assert!(
        line.contains("readers.csv:2: ")
            && line.contains("the row is kept")
            && line.contains("mails as html"),
        "{line}"
    );
    assert_eq!(
        folder.ok(&["subscribers", "export", "-"]),
        "email,country,zone,format\nann@example.org,Norway,Europe/Oslo,html\nbob@example.org,Norway,Europe/Oslo,text\n"
    );
}
