//! Answers a MongoDB driver like the secondary of a replica set without a primary, or like a server
//! that lets nobody read without a login.

use mongodb::bson::{Document, doc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Length of a message's header, flags and first section kind.
const BEFORE_THE_DOCUMENT: usize = 16 + 4 + 1;
const OP_MSG: i32 = 2013;

type Answer = fn(command: &Document, name: &str) -> Document;

/// Starts a secondary and returns its `host:port`. It has no orders.
pub async fn start_secondary() -> String {
    serving(secondary).await
}

/// Starts a server that answers a ping and refuses everything else.
pub async fn start_refusing() -> String {
    serving(refusing).await
}

async fn serving(answer: Answer) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let name = address.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, name.clone(), answer));
        }
    });
    address
}

/// Answers until the driver disconnects.
async fn serve(mut stream: TcpStream, name: String, answer: Answer) -> Option<()> {
    loop {
        let length = stream.read_i32_le().await.ok()?;
        let mut message = vec![0; usize::try_from(length).ok()? - 4];
        stream.read_exact(&mut message).await.ok()?;
        let command = Document::from_reader(&message[BEFORE_THE_DOCUMENT - 4..]).ok()?;
        let answer = answer(&command, &name).to_vec().ok()?;
        let length = i32::try_from(BEFORE_THE_DOCUMENT + answer.len()).ok()?;
        let mut reply = length.to_le_bytes().to_vec();
        reply.extend([0; 4]);
        reply.extend(&message[..4]);
        reply.extend(OP_MSG.to_le_bytes());
        reply.extend([0; 5]);
        reply.extend(answer);
        stream.write_all(&reply).await.ok()?;
    }
}

/// What every server says of itself.
fn hello(name: &str) -> Document {
    doc! {
        "ok": 1,
        "helloOk": true,
        "me": name,
        "minWireVersion": 0,
        "maxWireVersion": 21,
        "maxBsonObjectSize": 16 << 20,
        "maxMessageSizeBytes": 48_000_000,
        "maxWriteBatchSize": 100_000,
    }
}

fn refusing(command: &Document, name: &str) -> Document {
    match command.keys().next().map(String::as_str) {
        Some("ping") => doc! { "ok": 1 },
        Some("count") => doc! { "ok": 0, "code": 13, "errmsg": "count requires authentication" },
        _ => {
            let mut hello = hello(name);
            hello.insert("isWritablePrimary", true);
            hello
        }
    }
}

fn secondary(command: &Document, name: &str) -> Document {
    match command.keys().next().map(String::as_str) {
        Some("aggregate") => doc! {
            "ok": 1,
            "cursor": { "id": 0_i64, "ns": "shopstream.orders", "firstBatch": [] },
        },
        Some("ping") => doc! { "ok": 1 },
        _ => {
            let mut hello = hello(name);
            hello.extend(doc! {
                "isWritablePrimary": false,
                "secondary": true,
                "setName": "shop",
                "hosts": [name],
            });
            hello
        }
    }
}
