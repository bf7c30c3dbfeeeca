//! Calls of mail services, made up and signed by keys of the tests.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod webhook {
    mod call;
    mod hostile;
    mod mailgun;
    mod postmark;
    mod sendgrid;
    mod sns;
    mod standard;
}
