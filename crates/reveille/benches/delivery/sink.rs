//! Mail servers that throw everything away, so that what is measured is the sender.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use super::processor::children_seconds;

/// A server on loopback.
pub(crate) enum Sink {
    /// One of our own, which looks at nothing but where a command and a message end: a thread a connection.
    Drain(u16),
    /// Postfix's `smtp-sink`, a process of one thread.
    Postfix(Child, u16),
}

impl Sink {
    /// A drain that answers after a pause, as over a wire of that length.
    pub(crate) fn drain(pause: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                thread::spawn(move || converse(stream, pause));
            }
        });
        Self::Drain(port)
    }

    /// `smtp-sink`, where it is installed.
    pub(crate) fn postfix() -> io::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let child = Command::new("smtp-sink")
            // Run by root, it asks for whom to be.
            .args(["-u", "nobody", &format!("127.0.0.1:{port}"), "1000"])
            .stdout(Stdio::null())
            .spawn()?;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            thread::sleep(Duration::from_millis(10));
        }
        Ok(Self::Postfix(child, port))
    }

    pub(crate) fn port(&self) -> u16 {
        match self {
            Self::Drain(port) | Self::Postfix(_, port) => *port,
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Drain(_) => "drain",
            Self::Postfix(..) => "smtp-sink",
        }
    }

    /// What Postfix's own sender reaches here, as a measure of the machine: seconds in all, and of the processor.
    pub(crate) fn filled_by_postfix(&self, messages: u32, connections: usize) -> Option<(f64, f64)> {
        let (start, spent) = (std::time::Instant::now(), children_seconds());
        let status = Command::new("smtp-source")
            .args([
                "-d",
                "-l",
                "40000",
                "-f",
                "brief@example.org",
                "-t",
                "reader@example.org",
            ])
            .args(["-m", &messages.to_string(), "-s", &connections.to_string()])
            .arg(format!("127.0.0.1:{}", self.port()))
            .status();
        status.ok().filter(std::process::ExitStatus::success)?;
        Some((start.elapsed().as_secs_f64(), children_seconds() - spent))
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Self::Postfix(child, _) = self {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Takes messages until the client is gone.
fn converse(mut stream: TcpStream, pause: Duration) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.write_all(b"220 drain.localhost ESMTP\r\n")?;
    let (mut buffer, mut filled) = (vec![0; 256 * 1024], 0);
    let mut in_text = false;
    loop {
        let read = stream.read(&mut buffer[filled..])?;
        if read == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        filled += read;
        let (mut replies, mut taken) = (String::new(), 0);
        loop {
            let ahead = &buffer[taken..filled];
            if in_text {
                let Some(end) = memchr::memmem::find(ahead, b"\r\n.\r\n") else {
                    // The end may have come in part.
                    taken = filled.saturating_sub(4).max(taken);
                    break;
                };
                (taken, in_text) = (taken + end + 5, false);
                replies += "250 2.0.0 taken\r\n";
                continue;
            }
            let Some(end) = memchr::memchr(b'\n', ahead) else {
                break;
            };
            replies += match &ahead[..end.min(4)] {
                b"EHLO" => "250-drain.localhost\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
                b"DATA" => "354 go on\r\n",
                b"QUIT" => "221 2.0.0 bye\r\n",
                _ => "250 2.0.0 OK\r\n",
            };
            in_text = ahead.starts_with(b"DATA");
            taken += end + 1;
        }
        buffer.copy_within(taken..filled, 0);
        filled -= taken;
        if !replies.is_empty() {
            thread::sleep(pause);
            stream.write_all(replies.as_bytes())?;
        }
    }
}
