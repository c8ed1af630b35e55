//! A MongoDB server for all tests of a process: the one that `TEST_MONGODB_URI` names, else `mongod`,
//! else mongo-java-server. It ends with the tests.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::{env, fs};

use tempfile::TempDir;

/// Where `make` installs the jars, in the user's cache folder.
const JARS: &str = "shopstream-dashboard/mongo-java-server-1.47.0";
const LAUNCHER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/support/MongoServer.java"
);
/// Options for a quick start.
const JAVA: [&str; 2] = ["-Xshare:auto", "-XX:+UseSerialGC"];
/// Small, unless `TEST_MONGODB_HEAP` is set.
const HEAP: &str = "1g";

/// `mongod` does not end when its input does, so a shell ends it and removes its folder.
const MONGOD: &str = r#"mongod --dbpath "$1" --port "$2" --bind_ip 127.0.0.1 --logpath "$1/log" &
server=$!; cat >/dev/null; kill $server; wait $server; rm -rf "$1""#;

struct Server {
    uri: String,
    /// Its input ends with this process, because a static is never dropped.
    _process: Option<Child>,
}

/// The address of the server. Without a server, prints a note and returns `None`, or fails if `CI` is
/// set.
pub fn uri() -> Option<&'static str> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER
        .get_or_init(start)
        .as_ref()
        .map(|server| server.uri.as_str());
    if server.is_none() {
        let missing = "no MongoDB server: set TEST_MONGODB_URI, or put mongod on PATH, or run \
             `make mongo`";
        assert!(env::var_os("CI").is_none(), "{missing}");
        println!("skipped: {missing}");
    }
    server
}

fn start() -> Option<Server> {
    if let Ok(uri) = env::var("TEST_MONGODB_URI") {
        return Some(Server {
            uri,
            _process: None,
        });
    }
    mongod().or_else(java)
}

fn mongod() -> Option<Server> {
    let found = env::split_paths(&env::var_os("PATH")?).any(|folder| is_file(&folder, "mongod"));
    if !found {
        return None;
    }
    let port = TcpListener::bind("127.0.0.1:0")
        .ok()?
        .local_addr()
        .ok()?
        .port();
    let folder = TempDir::new().expect("a temporary folder").keep();
    let mut shell = Command::new("sh");
    shell
        .args(["-c", MONGOD, "sh"])
        .arg(folder)
        .arg(port.to_string());
    let process = shell.stdin(Stdio::piped()).stdout(Stdio::null()).spawn();
    Some(Server {
        // The driver waits for it.
        uri: format!("mongodb://127.0.0.1:{port}/?serverSelectionTimeoutMS=30000"),
        _process: Some(process.expect("a shell")),
    })
}

fn java() -> Option<Server> {
    let jars = cache()?.join(JARS);
    // The folder may be missing or empty.
    fs::read_dir(&jars).ok()?.next()?.ok()?;
    let mut java = Command::new("java");
    let heap = env::var("TEST_MONGODB_HEAP");
    let heap = heap.as_deref().unwrap_or(HEAP);
    java.args(JAVA).arg(format!("-Xmx{heap}"));
    java.arg("-cp").arg(jars.join("*")).arg(LAUNCHER);
    let process = java
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut process = process.ok()?;
    let port = first_line(process.stdout.take()?);
    Some(Server {
        uri: format!("mongodb://127.0.0.1:{port}"),
        _process: Some(process),
    })
}

fn first_line(output: ChildStdout) -> String {
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).expect("a line");
    let line = line.trim_end().to_owned();
    assert!(!line.is_empty(), "the server ended before it was up");
    line
}

fn cache() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    let own = set("XDG_CACHE_HOME").map(PathBuf::from);
    own.or_else(|| set("HOME").map(|home| Path::new(&home).join(".cache")))
}

fn is_file(folder: &Path, name: &str) -> bool {
    folder.join(name).is_file()
}
