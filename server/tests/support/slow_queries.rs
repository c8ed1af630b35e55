//! A way to MongoDB on which the answers to queries can be held back, and only those: pings and the
//! driver's monitors are as quick as ever.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mongodb::bson::RawDocument;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Length, request, the request that is answered, and the kind of message: 32 bits each.
const HEADER: usize = 16;
const OP_MSG: i32 = 2013;
/// A message's flags, and the kind of its first section.
const BEFORE_THE_DOCUMENT: usize = HEADER + 4 + 1;
const QUERIES: [&str; 3] = ["find", "aggregate", "getMore"];

/// What happens to the answers to queries.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Answers {
    Pass,
    /// Each comes so much later.
    Late(Duration),
    /// None comes.
    Held,
}

pub struct SlowQueries {
    /// Where the way begins, on this machine.
    pub port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    answers: watch::Sender<Answers>,
    /// The queries without an answer, now and at most since the last look.
    open: AtomicU32,
    most: AtomicU32,
}

impl SlowQueries {
    /// A way to `port` of this machine, on which nothing is held back yet.
    pub async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let way = Self {
            port: listener.local_addr().expect("an address").port(),
            shared: Arc::new(Shared {
                answers: watch::Sender::new(Answers::Pass),
                open: AtomicU32::default(),
                most: AtomicU32::default(),
            }),
        };
        let shared = way.shared.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", port)).await;
                pass(client, server.expect("a connection"), shared.clone());
            }
        });
        way
    }

    /// Answers to queries come so much later.
    pub fn late(&self, by: Duration) {
        self.shared.answers.send_replace(Answers::Late(by));
    }

    /// Answers to queries are held back until [`SlowQueries::release`].
    pub fn hold(&self) {
        self.shared.answers.send_replace(Answers::Held);
    }

    /// Nothing is held back any more.
    pub fn release(&self) {
        self.shared.answers.send_replace(Answers::Pass);
    }

    /// How many queries had no answer at the same time, at most, since this was last asked.
    pub fn most_at_once(&self) -> u32 {
        let open = self.shared.open.load(Ordering::SeqCst);
        self.shared.most.swap(open, Ordering::SeqCst)
    }
}

fn pass(client: TcpStream, server: TcpStream, shared: Arc<Shared>) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let queries = Arc::<Mutex<HashSet<i32>>>::default();
    tokio::spawn(requests(
        from_client,
        to_server,
        queries.clone(),
        shared.clone(),
    ));
    tokio::spawn(async move {
        answers(from_server, to_client, &queries, &shared).await;
        let abandoned = queries.lock().expect("queries").len() as u32;
        shared.open.fetch_sub(abandoned, Ordering::SeqCst);
    });
}

async fn requests(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    queries: Arc<Mutex<HashSet<i32>>>,
    shared: Arc<Shared>,
) -> Option<()> {
    loop {
        let message = read(&mut from).await?;
        if is_query(&message) {
            queries.lock().expect("queries").insert(number(&message, 4));
            let open = shared.open.fetch_add(1, Ordering::SeqCst) + 1;
            shared.most.fetch_max(open, Ordering::SeqCst);
        }
        to.write_all(&message).await.ok()?;
    }
}

async fn answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    queries: &Mutex<HashSet<i32>>,
    shared: &Shared,
) -> Option<()> {
    let mut state = shared.answers.subscribe();
    loop {
        let message = read(&mut from).await?;
        let answered = number(&message, 8);
        if queries.lock().expect("queries").contains(&answered) {
            let held = *state.borrow_and_update();
            if let Answers::Late(by) = held {
                tokio::time::sleep(by).await;
            }
            state.wait_for(|held| *held != Answers::Held).await.ok()?;
            queries.lock().expect("queries").remove(&answered);
            shared.open.fetch_sub(1, Ordering::SeqCst);
        }
        to.write_all(&message).await.ok()?;
    }
}

/// A whole message; `None` at the end.
async fn read(from: &mut OwnedReadHalf) -> Option<Vec<u8>> {
    let length = from.read_i32_le().await.ok()?;
    let mut message = length.to_le_bytes().to_vec();
    message.resize(usize::try_from(length).ok()?, 0);
    from.read_exact(&mut message[4..]).await.ok()?;
    Some(message)
}

fn is_query(message: &[u8]) -> bool {
    if number(message, 12) != OP_MSG {
        return false;
    }
    let sections = &message[BEFORE_THE_DOCUMENT..];
    let length = usize::try_from(number(sections, 0)).expect("a length");
    let command = RawDocument::from_bytes(&sections[..length]).expect("a command");
    let name = command.iter().next().expect("a name").expect("BSON").0;
    QUERIES.contains(&name.as_str())
}

fn number(bytes: &[u8], at: usize) -> i32 {
    let bytes = bytes[at..at + 4].try_into().expect("four bytes");
    i32::from_le_bytes(bytes)
}
