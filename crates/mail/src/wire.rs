//! The line-wise stream that both ends of an SMTP dialogue, and the IMAP client, read and write.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncWrite, BufReader};

/// A connection, plain or under TLS.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A connection with what was read ahead of it.
pub(crate) type Buffered = BufReader<Box<dyn Stream>>;

/// The next line with its line end, or `None` where the other side closed between two lines.
///
/// # Errors
/// The connection's own, `UnexpectedEof` within a line, and `InvalidData` for a line of more than `limit` bytes.
pub(crate) async fn read_line<R: AsyncBufRead + Unpin>(
    reader: &mut R,
    limit: usize,
) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    loop {
        let ahead = reader.fill_buf().await?;
        if ahead.is_empty() {
            return match line.is_empty() {
                true => Ok(None),
                false => Err(io::ErrorKind::UnexpectedEof.into()),
            };
        }
        let end = ahead.iter().position(|&byte| byte == b'\n');
        let taken = end.map_or(ahead.len(), |end| end + 1);
        if line.len() + taken > limit {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("a line of more than {limit} bytes"),
            ));
        }
        line.extend_from_slice(&ahead[..taken]);
        reader.consume(taken);
        if end.is_some() {
            return Ok(Some(line));
        }
    }
}
