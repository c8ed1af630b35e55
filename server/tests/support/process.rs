//! A server process for tests. It ends with the test's process, even if that is killed.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server may take until it listens.
const PATIENCE: Duration = Duration::from_secs(30);
/// Waits for the end of its input, which comes when the test's process ends.
const GUARDIAN: &str = r#""$@" </dev/null >&2 & echo $!; cat >/dev/null; kill -9 $!; wait"#;

#[derive(Debug)]
pub struct Process {
    guardian: Child,
    /// The process id of the server.
    id: String,
}

impl Process {
    /// Starts `program`, with its output in `log`, and waits until something listens on `port`.
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

    /// Suspends it: it accepts connections and answers nothing.
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

/// A free port that no other test of this process uses.
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

/// The path of a program on PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

/// Prints that a test was skipped because `what` is missing; fails if `CI` is set.
pub fn skipped(what: &str) {
    let strict = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!strict, "needs {what}");
    println!("skipped: needs {what}");
}
