//! A PostgreSQL cluster for a test, in a temporary folder.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

use super::process::{Process, free_port, on_path, skipped};

/// Where Debian's package has the programs.
const DEBIAN: &str = "/usr/lib/postgresql";
/// The server refuses to run as root.
const USER: &str = "postgres";
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
wal_level = logical
fsync = off
max_wal_senders = 10
max_replication_slots = 10
max_prepared_transactions = 5
wal_writer_delay = 10ms
";
const LOGINS: &str = "
local all postgres trust
host all postgres 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
";

#[derive(Debug)]
pub struct Postgres {
    process: Option<Process>,
    programs: PathBuf,
    folder: TempDir,
    pub port: u16,
}

impl Postgres {
    /// A running cluster with these lines in its configuration; `None` where PostgreSQL is not
    /// installed.
    pub fn start(settings: &str) -> Option<Self> {
        let Some(programs) = programs() else {
            skipped("PostgreSQL (Debian's package postgresql)");
            return None;
        };
        let folder = TempDir::new().expect("a temporary folder");
        give(folder.path());
        let mut server = Self {
            process: None,
            programs,
            folder,
            port: free_port(),
        };
        let made = server
            .command("initdb")
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
            ])
            .args(["--locale=C.UTF-8", "--pgdata"])
            .arg(server.data())
            .output();
        let made = made.expect("an end");
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        fs::write(server.data().join("pg_hba.conf"), LOGINS).expect("a file");
        server.configure(SETTINGS);
        server.configure(settings);
        server.start_again();
        Some(server)
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Adds lines to the configuration.
    pub fn configure(&self, settings: &str) {
        let path = self.data().join("postgresql.conf");
        let file = fs::OpenOptions::new().append(true).open(path);
        file.expect("a file")
            .write_all(settings.as_bytes())
            .expect("written");
    }

    /// Makes the running server read its configuration.
    pub fn reload(&self) {
        self.control(&["reload"]);
    }

    pub fn start_again(&mut self) {
        let mut arguments = unprivileged(&self.programs.join("postgres"));
        let program = arguments.remove(0);
        let (data, port) = (self.data(), self.port.to_string());
        let data = data.to_str().expect("UTF-8");
        let sockets = self.folder.path().to_str().expect("UTF-8");
        arguments.extend(["-D", data, "-p", &port, "-k", sockets].map(ToString::to_string));
        let log = TempDir::new().expect("a folder").keep().join("log");
        self.process = Some(Process::start(
            Path::new(&program),
            &arguments,
            self.port,
            &log,
        ));
    }

    /// As after a power cut.
    pub fn stop_at_once(&mut self) {
        self.control(&["stop", "-m", "immediate"]);
        self.process = None;
    }

    /// The address for this user.
    pub fn uri(&self, user: &str, password: &str) -> String {
        uri(self.port, user, password)
    }

    /// A session of the owner, once the server lets one in.
    pub async fn client(&self) -> Client {
        let mut attempts = 1_000;
        loop {
            let mut config = tokio_postgres::Config::new();
            config
                .host("127.0.0.1")
                .port(self.port)
                .user("postgres")
                .dbname("postgres");
            match config.connect(NoTls).await {
                Ok((client, connection)) => {
                    tokio::spawn(connection);
                    return client;
                }
                // It is starting.
                Err(error) => {
                    assert!(attempts > 0, "{error:?}");
                    attempts -= 1;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }

    fn control(&self, arguments: &[&str]) {
        let mut command = self.command("pg_ctl");
        command.args(arguments).arg("-D").arg(self.data());
        run(command.stdout(Stdio::null()));
    }

    fn command(&self, program: &str) -> Command {
        let all = unprivileged(&self.programs.join(program));
        let mut command = Command::new(&all[0]);
        command.args(&all[1..]);
        command.current_dir("/");
        command
    }
}

pub fn uri(port: u16, user: &str, password: &str) -> String {
    format!("postgres://{user}:{password}@127.0.0.1:{port}/postgres?sslmode=disable")
}

fn run(command: &mut Command) {
    let status = command.status().expect("an end");
    assert!(status.success(), "{command:?}");
}

/// The program with what starts it as a user that is not root.
pub fn unprivileged(program: &Path) -> Vec<String> {
    let program = program.to_str().expect("UTF-8").to_owned();
    if !is_root() {
        return vec![program];
    }
    let setpriv = on_path("setpriv").expect("setpriv");
    let ids = [&format!("--reuid={USER}"), &format!("--regid={USER}")];
    let mut all = vec![setpriv.to_str().expect("UTF-8").to_owned()];
    all.extend(ids.map(ToString::to_string));
    all.extend(["--clear-groups".to_owned(), program]);
    all
}

/// Gives a file or folder to the user that servers run as.
pub fn give(path: &Path) {
    if is_root() {
        run(Command::new("chown").arg("-R").arg(USER).arg(path));
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("an id");
    id.stdout.trim_ascii() == b"0"
}

/// The folder of the newest version.
fn programs() -> Option<PathBuf> {
    if let Some(initdb) = on_path("initdb") {
        return initdb.parent().map(Path::to_path_buf);
    }
    let versions = fs::read_dir(DEBIAN).ok()?.filter_map(Result::ok);
    let folders = versions.map(|version| version.path().join("bin"));
    folders
        .filter(|folder| folder.join("initdb").is_file())
        .max()
}
