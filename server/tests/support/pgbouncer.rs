//! PgBouncer, a connection pooler, in front of a PostgreSQL of a test.

use std::fs;

use tempfile::TempDir;

use super::postgres::{give, unprivileged};
use super::process::{Process, free_port, on_path, skipped};

pub struct Pgbouncer {
    _process: Process,
    _folder: TempDir,
    pub port: u16,
}

impl Pgbouncer {
    /// Before the server on `port`, with these lines in its configuration, for one user; `None` where
    /// there is no PgBouncer.
    pub fn before(port: u16, user: &str, password: &str, settings: &str) -> Option<Self> {
        let Some(program) = on_path("pgbouncer") else {
            skipped("PgBouncer (Debian's package pgbouncer)");
            return None;
        };
        let folder = TempDir::new().expect("a temporary folder");
        let (users, configuration) = (folder.path().join("users"), folder.path().join("ini"));
        fs::write(&users, format!("\"{user}\" \"{password}\"\n")).expect("a file");
        let own = free_port();
        let lines = format!(
            "[databases]\npostgres = host=127.0.0.1 port={port}\n[pgbouncer]\n\
             listen_addr = 127.0.0.1\nlisten_port = {own}\nunix_socket_dir =\n\
             auth_type = trust\nauth_file = {}\n{settings}",
            users.display()
        );
        fs::write(&configuration, lines).expect("a file");
        let mut arguments = unprivileged(&program);
        let program = arguments.remove(0);
        arguments.push(configuration.to_str().expect("UTF-8").to_owned());
        let log = folder.path().join("log");
        give(folder.path());
        Some(Self {
            _process: Process::start(program.as_ref(), &arguments, own, &log),
            _folder: folder,
            port: own,
        })
    }
}
