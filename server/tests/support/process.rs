//! A server for tests as a process of its own. It ends when the test's process does, however that
//! ends.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// So long a server may take until it listens.
const PATIENCE: Duration = Duration::from_secs(30);
/// Waits for the end of its input, which comes when nobody holds the other end any more.
const GUARDIAN: &str = r#""$@" </dev/null >&2 & echo $!; cat >/dev/null; kill -9 $!; wait"#;

#[derive(Debug)]
pub struct Process {
    guardian: Child,
    /// The server's own process id.
    id: String,
}

impl Process {
    /// Starts `program` and returns once something listens on `port` of this machine; what it
    /// says goes into `log`.
    pub fn start(program: &Path, arguments: &[String], port: u16, log: &Path) -> Self {
        let said = File::create(log).expect("a file");
        let mut guardian = Command::new("sh")
            .args(["-c", GUARDIAN, "sh"])
            .arg(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(said)
            .spawn()
            .expect("a process");
        let mut id = String::new();
        let stdout = guardian.stdout.take().expect("an output");
        let read = BufReader::new(stdout).read_line(&mut id);
        read.expect("a process id");
        let id = id.trim_end().to_owned();
        let process = Self { guardian, id };
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let said = || fs::read_to_string(log).unwrap_or_default();
            assert!(Instant::now() < until, "{}: {}", program.display(), said());
            thread::sleep(Duration::from_millis(10));
        }
        process
    }

    /// Stops it where it is, so that it accepts connections and answers nothing.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    pub fn go_on(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let mut kill = Command::new("kill");
        let status = kill.args([&format!("-{name}"), &self.id]).status();
        assert!(status.expect("an end").success(), "kill -{name}");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.guardian.stdin.take());
        _ = self.guardian.wait();
    }
}

/// A port of this machine that nobody listens on, and that no other test here was given.
pub fn free_port() -> u16 {
    static GIVEN: LazyLock<Mutex<HashSet<u16>>> = LazyLock::new(Mutex::default);
    loop {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        if GIVEN.lock().expect("a lock").insert(port) {
            return port;
        }
    }
}

/// The program in one of the folders on PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

/// Says that a test did nothing, for want of `what`; fails where that must not be.
pub fn skipped(what: &str) {
    let strict = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!strict, "needs {what}");
    println!("skipped: needs {what}");
}
