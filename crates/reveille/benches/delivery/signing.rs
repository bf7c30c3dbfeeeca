//! What the two signatures of a message cost by themselves: most of what a signed message costs, and all that a machine can do is
//! no more than this.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use reveille_mail::dkim::{BodyHash, Signer};
use reveille_model::UnixMillis;

/// A header such as a message's.
const HEAD: &str = "Date: Tue, 10 Mar 2026 05:00:00 +0000\r\nFrom: The Morning Brief <brief@example.org>\r\n\
    To: reader1@example.com\r\nSubject: The Morning Brief, 10 March 2026\r\nMessage-ID: <1@example.org>\r\n\
    List-Unsubscribe: <https://brief.example.org/u/0123456789abcdef>\r\nMIME-Version: 1.0\r\n";

/// Signs on all processors for a second, and says how many messages that makes.
pub(crate) fn messages_a_second(rsa: &Path, ed25519: &Path) -> f64 {
    let signer = |key: &Path| {
        let pem = fs::read_to_string(key).unwrap();
        Signer::from_pem("example.org", "brief", &pem).unwrap()
    };
    let signers = [signer(rsa), signer(ed25519)];
    let body = BodyHash::of(b"Good morning.\r\n");
    let sign_for_a_second = || {
        let start = Instant::now();
        let mut messages = 0_u32;
        while start.elapsed() < Duration::from_secs(1) {
            for signer in &signers {
                signer.sign(HEAD.as_bytes(), &body, UnixMillis(0)).unwrap();
            }
            messages += 1;
        }
        f64::from(messages) / start.elapsed().as_secs_f64()
    };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let signing: Vec<_> = (0..processors).map(|_| scope.spawn(sign_for_a_second)).collect();
        signing.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}
