//! `reveille bounce`, mail by mail and line by line.

use crate::program::Folder;

const BOUNCE: &str = "From: MAILER-DAEMON@mx.relay.example\nSubject: failure notice\n\n\
    <ann@reader.example>:\nSorry, I couldn't find any host named reader.example. (#5.1.2)\n\n\
    <ben@reader.example>:\n552 5.2.2 Mailbox full\n";

#[test]
fn a_returned_mail_is_told_in_lines_and_in_json() {
    let folder = Folder::new();
    folder.write("back.eml", BOUNCE);
    assert_eq!(
        folder.ok(&["bounce", "back.eml"]),
        "ann@reader.example  hard: unknown host (5.1.2)\n  Sorry, I couldn't find any host named reader.example. (#5.1.2)\n\
         ben@reader.example  soft: full (5.2.2)\n  552 5.2.2 Mailbox full\n"
    );
    folder.write(
        "lines",
        "{\"name\":\"a\",\"eml_base64\":\"U3ViamVjdDogaGkKCg==\"}\n\n{}\n",
    );
    assert_eq!(
        folder.ok(&["bounce", "--jsonl", "lines"]),
        "{\"name\":\"a\",\"kind\":\"none\",\"recipients\":[]}\n\
         {\"name\":null,\"error\":\"the line has no \\\"eml_base64\\\"\"}\n"
    );
    let missing = folder.run(&["bounce", "nowhere.eml"]);
    assert_eq!(missing.code, Some(1));
    assert!(missing.err.contains("cannot read nowhere.eml"), "{}", missing.err);
}
