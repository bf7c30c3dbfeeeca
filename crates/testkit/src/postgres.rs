//! A PostgreSQL server for the tests: the one that `REVEILLE_TEST_POSTGRES` names, or a throw-away one on a socket
//! in a temporary folder. Nothing here but std.

use std::{
    env, fmt, fs,
    io::{self, Write as _},
    os::unix::{fs::MetadataExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

/// The environment variable that names a server on which tests may create databases, as a `postgres:` URL.
pub const VARIABLE: &str = "REVEILLE_TEST_POSTGRES";

/// Why there is no server or no database on it.
#[derive(Debug)]
pub enum PostgresError {
    /// The programs are not installed.
    Missing(&'static str),
    /// A program did not run.
    Run(String, io::Error),
    /// A program ran and failed; this is what it said.
    Failed(String, String),
    /// A place in the file system could not be made ready.
    Place(PathBuf, io::Error),
    /// What stands in the environment is no URL of a server.
    Url(String),
}

impl fmt::Display for PostgresError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(program) => write!(
                f,
                "the tests need PostgreSQL, and its program `{program}` was not found: \
                 install Debian's package `postgresql-15`, or name a server in {VARIABLE}"
            ),
            Self::Run(program, error) => write!(f, "`{program}` could not be run: {error}"),
            Self::Failed(program, said) => write!(f, "`{program}` failed: {}", said.trim()),
            Self::Place(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Url(url) => write!(
                f,
                "{VARIABLE}: `{url}` is not of the form postgres://HOST/DATABASE"
            ),
        }
    }
}

impl std::error::Error for PostgresError {}

/// The URL of the server for the tests of this process; starts one where none is named.
///
/// # Errors
/// Where a server is neither named nor can be started.
pub fn url() -> Result<&'static str, &'static PostgresError> {
    static NAMED: OnceLock<Option<String>> = OnceLock::new();
    static OWN: OnceLock<Result<Server, PostgresError>> = OnceLock::new();
    if let Some(named) = NAMED.get_or_init(|| env::var(VARIABLE).ok().filter(|url| !url.is_empty())) {
        return Ok(named);
    }
    OWN.get_or_init(|| Server::start(&Durability::None))
        .as_ref()
        .map(Server::url)
}

/// Whether what a server committed survives a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// It need not: for tests.
    None,
    /// It does, as in production: for measurements.
    Full,
}

/// A throw-away server. It stops, and its folder goes, when this is dropped or the process ends in whatever way.
#[derive(Debug)]
pub struct Server {
    url: String,
    guard: Child,
}

/// Runs the server until standard input closes, which it does when the process that holds the other end is gone.
const GUARD: &str = r#"
"$1" -D "$2/data" -k "$2" -c listen_addresses= -c max_connections=1000 $3 >"$2/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -INT "$server"
wait "$server"
rm -rf "$2"
"#;

impl Server {
    /// Makes a cluster in a temporary folder and starts it. A superuser cannot run PostgreSQL, so that under root
    /// it runs as `postgres` or `nobody`.
    ///
    /// # Errors
    /// Where the programs are missing or fail.
    pub fn start(durability: &Durability) -> Result<Self, PostgresError> {
        let user = unprivileged_user()?;
        let folder = folder_for(user.as_ref())?;
        let data = folder.join("data");
        // Of its own accord the server sorts as people do, so that an order that a test sees was asked for.
        let mut initdb = as_user(user.as_ref(), &program("initdb")?);
        initdb.args([
            "--username=reveille",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
            "--locale=C.UTF-8",
        ]);
        initdb
            .args(["--locale-provider=icu", "--icu-locale=en"])
            .arg("-D")
            .arg(&data);
        run("initdb", initdb.current_dir(&folder))?;

        let settings = match durability {
            Durability::None => "-c fsync=off -c full_page_writes=off -c synchronous_commit=off",
            Durability::Full => "",
        };
        let mut guard = as_user(user.as_ref(), Path::new("sh"));
        guard
            .arg("-c")
            .arg(GUARD)
            .arg("sh")
            .arg(program("postgres")?)
            .arg(&folder)
            .arg(settings);
        // In a process group of its own, an interrupt from the keyboard does not reach it before its tests end.
        guard.current_dir(&folder).stdin(Stdio::piped()).process_group(0);
        let guard = guard
            .spawn()
            .map_err(|error| PostgresError::Run("sh".to_owned(), error))?;
        let url = format!("postgres:///postgres?host={}&user=reveille", folder.display());
        let server = Self { url, guard };
        server.wait_until_ready(&folder)?;
        Ok(server)
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    fn wait_until_ready(&self, folder: &Path) -> Result<(), PostgresError> {
        let isready = program("pg_isready")?;
        for _ in 0..2_400 {
            let asked = Command::new(&isready).arg("-q").arg("-h").arg(folder).status();
            if asked
                .map_err(|error| PostgresError::Run("pg_isready".to_owned(), error))?
                .success()
            {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
        Err(PostgresError::Failed("postgres".to_owned(), log))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        // It was told to end; there is nobody left to tell that it did not.
        let _ = self.guard.wait();
    }
}

/// Creates a database on the server and says its URL.
///
/// # Errors
/// Where the server cannot be reached or does not allow it.
pub fn create_database(server: &str, name: &str) -> Result<String, PostgresError> {
    let url = with_database(server, name)?;
    let maintenance = format!("--maintenance-db={server}");
    run(
        "createdb",
        Command::new(program("createdb")?).arg(maintenance).arg(name),
    )?;
    Ok(url)
}

/// Drops the database that the URL names. Where a connection to it does not end, it stays until the server is thrown away.
pub fn drop_database(url: &str) {
    // Nobody needs to know: no test makes another one of that name.
    let _ = try_to_drop(url);
}

fn try_to_drop(url: &str) -> Result<(), PostgresError> {
    let maintenance = format!("--maintenance-db={}", with_database(url, "postgres")?);
    let (head, _) = url.split_once('?').unwrap_or((url, ""));
    let name = head.rsplit('/').next().unwrap_or_default();
    run(
        "dropdb",
        Command::new(program("dropdb")?)
            .args(["--force", "--if-exists"])
            .arg(maintenance)
            .arg(name),
    )?;
    Ok(())
}

/// Runs a statement there, and says what it answers: a line for each row, its values set apart by `|`.
///
/// # Errors
/// Where the server cannot be reached or refuses it.
pub fn execute(url: &str, statement: &str) -> Result<String, PostgresError> {
    let mut psql = Command::new(program("psql")?);
    psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
        .args(["--command", statement, url]);
    run("psql", &mut psql)
}

/// The URL with another database in it.
///
/// # Errors
/// Where it is none of a server.
pub fn with_database(url: &str, name: &str) -> Result<String, PostgresError> {
    let (head, query) = url
        .split_once('?')
        .map_or((url, String::new()), |(head, query)| (head, format!("?{query}")));
    let wrong = || PostgresError::Url(url.to_owned());
    let (scheme, rest) = head.split_once("://").ok_or_else(wrong)?;
    let authority = rest.split('/').next().unwrap_or_default();
    Ok(format!("{scheme}://{authority}/{name}{query}"))
}

/// Whom to run the server as.
#[derive(Debug)]
struct User {
    name: String,
    uid: u32,
    gid: u32,
}

/// `None` where the process is no superuser and can run the server itself.
fn unprivileged_user() -> Result<Option<User>, PostgresError> {
    let place = |path: &str, error| PostgresError::Place(PathBuf::from(path), error);
    let own = fs::metadata("/proc/self")
        .map_err(|error| place("/proc/self", error))?
        .uid();
    if own != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").map_err(|error| place("/etc/passwd", error))?;
    let user = ["postgres", "nobody"].into_iter().find_map(|name| {
        let mut fields = users
            .lines()
            .map(|line| line.split(':'))
            .find(|fields| fields.clone().next() == Some(name))?;
        let uid = fields.nth(2)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(User {
            name: name.to_owned(),
            uid,
            gid,
        })
    });
    user.map(Some).ok_or(PostgresError::Missing(
        "a user `postgres` or `nobody` to run it as",
    ))
}

/// A new folder that only the user can enter. Its path is short, for a socket's may hold 107 bytes.
fn folder_for(user: Option<&User>) -> Result<PathBuf, PostgresError> {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = env::temp_dir().join(format!("reveille-pg-{}-{number}", std::process::id()));
    let made = || {
        // A process with the same number may have been killed together with its guard.
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir(&folder)?;
        if let Some(user) = user {
            std::os::unix::fs::chown(&folder, Some(user.uid), Some(user.gid))?;
        }
        fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))
    };
    made().map_err(|error| PostgresError::Place(folder.clone(), error))?;
    Ok(folder)
}

fn as_user(user: Option<&User>, program: &Path) -> Command {
    let Some(user) = user else {
        return Command::new(program);
    };
    let mut command = Command::new("setpriv");
    command
        .arg(format!("--reuid={}", user.name))
        .arg(format!("--regid={}", user.gid));
    command.args(["--clear-groups", "--"]).arg(program);
    command
}

/// A program of PostgreSQL: Debian keeps them out of `PATH`, one folder for each version. The newest wins.
fn program(name: &'static str) -> Result<PathBuf, PostgresError> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .collect();
    versions.sort();
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = versions
        .into_iter()
        .rev()
        .map(|(_, folder)| folder)
        .chain(env::split_paths(&path));
    folders
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .ok_or(PostgresError::Missing(name))
}

/// Runs a program to its end. What it printed.
fn run(name: &str, command: &mut Command) -> Result<String, PostgresError> {
    let output = command
        .output()
        .map_err(|error| PostgresError::Run(name.to_owned(), error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let mut said = output.stderr;
    // Both streams: initdb says what to do on one and what went wrong on the other.
    let _ = said.write_all(&output.stdout);
    Err(PostgresError::Failed(
        name.to_owned(),
        String::from_utf8_lossy(&said).into_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_can_name_another_database() {
        let with = |url| with_database(url, "x").unwrap();
        assert_eq!(
            with("postgres:///postgres?host=/tmp/a&user=b"),
            "postgres:///x?host=/tmp/a&user=b"
        );
        assert_eq!(
            with("postgres://ann:pw@db.example:5433/prod"),
            "postgres://ann:pw@db.example:5433/x"
        );
        assert_eq!(with("postgres://db.example"), "postgres://db.example/x");
        assert!(with_database("db.example/prod", "x").is_err());
    }
}
