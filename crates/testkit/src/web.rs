//! A web on loopback, good and bad: sites told apart by name that behave as they are told to, down to the bytes.
//!
//! Threads and blocking sockets, since each site of a bad web wants to be slow, silent or broken in its own way without
//! holding up the others.

use std::{
    collections::HashMap,
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// What a site does with a connection once it has read the head of a request.
type Behaviour = Arc<dyn Fn(&Request, &mut Connection) -> io::Result<()> + Send + Sync>;

/// What a request came over. The last byte that was written is held back until there is more, something is read, or the site has
/// done its part: whoever has a whole answer may ask again at once, and by then the request counts as ended.
pub struct Connection {
    stream: TcpStream,
    held: Option<u8>,
}

/// A request's head.
#[derive(Debug, Clone)]
pub struct Request {
    /// The name that was asked for, without its port.
    pub host: String,
    /// Path and query.
    pub path: String,
    /// The whole head as it came.
    pub head: String,
}

impl Request {
    /// The value of a header, its name in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let pairs = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        pairs
            .filter(|(key, _)| key.trim().eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .next()
    }
}

#[derive(Default)]
struct Shared {
    sites: Mutex<HashMap<String, Behaviour>>,
    /// Every request in the order in which it came.
    log: Mutex<Vec<Request>>,
    /// Requests under way at each host, and the most that there ever were at any.
    busy: Mutex<HashMap<String, usize>>,
    most: AtomicUsize,
}

/// A web that lasts as long as the process.
#[derive(Clone)]
pub struct Web {
    port: u16,
    shared: Arc<Shared>,
}

impl Web {
    /// Starts a web without sites on a free port.
    ///
    /// # Panics
    /// Where there is no loopback.
    #[must_use]
    pub fn start() -> Self {
        let (listener, at) = listen();
        let shared = Arc::new(Shared::default());
        let served = shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = served.clone();
                thread::spawn(move || shared.serve(stream));
            }
        });
        Self {
            port: at.port(),
            shared,
        }
    }

    /// Adds a site, and gives back its address with this path.
    pub fn site(
        &self,
        name: &str,
        path: &str,
        behaviour: impl Fn(&Request, &mut Connection) -> io::Result<()> + Send + Sync + 'static,
    ) -> String {
        let host = format!("{name}.localhost");
        let url = format!("http://{host}:{}{path}", self.port);
        lock(&self.shared.sites).insert(host, Arc::new(behaviour));
        url
    }

    /// Where it is on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Every request so far, in order.
    #[must_use]
    pub fn log(&self) -> Vec<Request> {
        lock(&self.shared.log).clone()
    }

    /// Waits until no request is under way, as one may be whose asker has given it up.
    ///
    /// # Panics
    /// Where one has no end.
    pub fn settle(&self) {
        let is_busy = || lock(&self.shared.busy).values().any(|here| *here > 0);
        for _ in 0..12_000 {
            if !is_busy() {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("a request has no end");
    }

    /// The most requests that one host had under way at once.
    #[must_use]
    pub fn most_at_once(&self) -> usize {
        self.shared.most.load(Ordering::SeqCst)
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream) {
        // A last byte that goes alone would wait until the bytes before it are acknowledged.
        if stream.set_nodelay(true).is_err() {
            return;
        }
        let mut connection = Connection { stream, held: None };
        while let Some(request) = head(&mut connection).and_then(|head| parse(&head)) {
            lock(&self.log).push(request.clone());
            let site = lock(&self.sites).get(&request.host).cloned();
            self.begin(&request.host);
            let answered = match site {
                Some(site) => site(&request, &mut connection),
                None => answer(&mut connection, "404 Not Found", "", b""),
            };
            self.end(&request.host);
            // A site that could not say all it wanted has no more to say.
            if connection.flush().and(answered).is_err() {
                return;
            }
        }
    }

    fn begin(&self, host: &str) {
        let mut busy = lock(&self.busy);
        let here = busy.entry(host.to_owned()).or_default();
        *here += 1;
        self.most.fetch_max(*here, Ordering::SeqCst);
    }

    fn end(&self, host: &str) {
        if let Some(here) = lock(&self.busy).get_mut(host) {
            *here -= 1;
        }
    }
}

impl Read for Connection {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.flush()?;
        self.stream.read(into)
    }
}

impl Write for Connection {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some((last, before)) = bytes.split_last() else {
            return Ok(0);
        };
        let held = self.held.replace(*last);
        self.stream.write_all(&[held.as_slice(), before].concat())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.write_all(self.held.take().as_slice())
    }
}

/// A port where `behave` gets each connection before anything was read from it.
///
/// # Panics
/// Where there is no loopback.
pub fn raw(behave: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let (listener, at) = listen();
    let behave = Arc::new(behave);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let behave = behave.clone();
            thread::spawn(move || behave(stream));
        }
    });
    at.port()
}

/// Sends a whole answer; `headers` are lines that end in CRLF.
///
/// # Errors
/// Where the other side has gone.
pub fn answer(stream: &mut impl Write, status: &str, headers: &str, body: &[u8]) -> io::Result<()> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n");
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)
}

/// Sends these bytes and resets the connection: the request was not read to its end, so the system ends it that way.
pub fn reset_after(mut stream: TcpStream, bytes: &[u8]) {
    // Whether the other side is still there matters to nobody.
    let _ = stream.read(&mut [0; 8]).and_then(|_| stream.write_all(bytes));
}

/// Says nothing until the other side goes.
///
/// # Errors
/// Always, so that nothing more is read.
pub fn keep_silent(stream: &mut impl Read) -> io::Result<()> {
    let mut rest = [0; 512];
    while stream.read(&mut rest)? > 0 {}
    Err(io::ErrorKind::ConnectionAborted.into())
}

/// Sends the same bytes again and again, a pause apart, until the other side goes.
///
/// # Errors
/// Always, once the other side has gone.
pub fn repeat(stream: &mut impl Write, bytes: &[u8], pause: Duration) -> io::Result<()> {
    loop {
        stream.write_all(bytes)?;
        thread::sleep(pause);
    }
}

fn listen() -> (TcpListener, SocketAddr) {
    let bound = TcpListener::bind("127.0.0.1:0").and_then(|listener| {
        let at = listener.local_addr()?;
        Ok((listener, at))
    });
    bound.unwrap_or_else(|error| panic!("no port on loopback: {error}"))
}

fn head(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

fn parse(head: &str) -> Option<Request> {
    let mut request = Request {
        host: String::new(),
        path: head.split(' ').nth(1)?.to_owned(),
        head: head.to_owned(),
    };
    let host = request.header("host")?;
    request.host = host.split(':').next()?.to_owned();
    Some(request)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
