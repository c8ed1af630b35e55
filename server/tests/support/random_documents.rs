//! Reproducible random documents, with values of every type in every field.

use futures::TryStreamExt;
use mongodb::Database;
use mongodb::bson::oid::ObjectId;
use mongodb::bson::raw::cstr;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{
    Binary, Bson, DateTime, Decimal128, Document, JavaScriptCodeWithScope, Regex, Timestamp, doc,
};

use super::random::Random;
use super::time::at;

/// Orders are of the 20 days before.
pub const NEWEST: &str = "2026-11-22T12:00:00Z";

/// The fields that figures are grouped by.
const GROUPED: [&str; 5] = ["status", "category", "region", "product_id", "product_name"];

/// One function a type.
type Make = fn(&mut Random) -> Bson;

pub struct RandomDocuments {
    random: Random,
    number: u64,
    /// The types that the server can keep and compare.
    types: Vec<Make>,
}

impl RandomDocuments {
    pub async fn new(seed: u64, database: &Database) -> Self {
        let mut random = Random(seed);
        let kept = database.collection::<Document>("kept");
        let mut types: Vec<Make> = Vec::new();
        for make in TYPES {
            let value = make(&mut random);
            let document = |value: &Bson| doc! { "value": value.clone() };
            let documents = [&value, &value, &Bson::Null].map(document);
            let inserted = kept.insert_many(documents).await;
            let grouped = kept.aggregate([
                doc! { "$project": { "value": 1, "more": { "$gte": ["$value", 0] } } },
                doc! { "$group": { "_id": "$value" } },
            ]);
            let groups = match grouped.await {
                Ok(groups) => groups.try_collect().await.unwrap_or_default(),
                Err(_) => Vec::new(),
            };
            let groups: Vec<Document> = groups;
            let found = kept.find_one(doc! {}).await;
            // As text, because NaN equals nothing.
            let text = format!("{value}");
            let is_kept = matches!(found, Ok(Some(found)) if found.to_string().contains(&text));
            let is_null = value == Bson::Null;
            if inserted.is_ok() && is_kept && groups.len() == 2 - usize::from(is_null) {
                types.push(make);
            } else {
                println!("the server does not know {value:?}");
            }
            kept.delete_many(doc! {}).await.expect("deleted");
        }
        kept.drop().await.expect("dropped");
        Self {
            random,
            number: 0,
            types,
        }
    }

    /// Most fields are as they should be.
    pub fn order(&mut self) -> Document {
        self.number += 1;
        let mut order = Document::new();
        let at = at(NEWEST).timestamp_millis();
        let times = self.random.below(20 * 24 * 60) as i64 * 60_000;
        let usual: [(&str, Bson); 10] = [
            ("order_id", self.id()),
            ("created_at", DateTime::from_millis(at - times).into()),
            ("total", self.total()),
            ("quantity", self.quantity()),
            (
                "status",
                self.one(&["pending", "shipped", "delivered", "returned", "lost"]),
            ),
            ("category", self.one(&["footwear", "apparel", ""])),
            ("region", self.one(&["North", "South"])),
            ("product_id", self.one(&["PROD_001", "PROD_002"])),
            ("product_name", self.one(&["Shoe", "Hat", ""])),
            ("customer_id", "CUST_0001".into()),
        ];
        for (field, value) in usual {
            match self.random.below(24) {
                0 => {}
                1 if GROUPED.contains(&field) => drop(order.insert(field, self.flat())),
                1 if field != "order_id" => drop(order.insert(field, self.any())),
                _ => drop(order.insert(field, value)),
            }
        }
        for field in ["note", "unit_price"] {
            order.insert(field, self.any());
        }
        order
    }

    /// Of any type; never of the same value twice.
    fn id(&mut self) -> Bson {
        let number = self.number as i64;
        match self.random.below(20) {
            0..6 => format!("ORD_{number:05}").into(),
            6 => format!("ü{number}{}", "x".repeat(self.random.below(300) as usize)).into(),
            7 => number.to_string().into(),
            8..10 => number.into(),
            10 => (number as i32).into(),
            11 => (number as f64).into(),
            12 => (number as f64 + 0.5).into(),
            13 => decimal(&format!("{number}.0")),
            14 => (i64::MIN + number).into(),
            15 => ((1_i64 << 53) + 1 + number).into(),
            16..18 => {
                let mut bytes = [0; 12];
                bytes[4..].copy_from_slice(&number.to_be_bytes());
                ObjectId::from_bytes(bytes).into()
            }
            18 => self.unreadable_id(),
            _ => Bson::Array(vec![self.any(), number.into()]),
        }
    }

    fn unreadable_id(&mut self) -> Bson {
        match self.random.below(5) {
            0 => "".into(),
            1 => f64::NAN.into(),
            2 => true.into(),
            3 => doc! { "order_id": self.any() }.into(),
            _ => Bson::Null,
        }
    }

    fn total(&mut self) -> Bson {
        let cents = self.random.below(60_000) as i64 - 1_000;
        let dollars = cents as f64 / 100.0;
        match self.random.below(12) {
            0 => (cents as i32).into(),
            1 => cents.into(),
            2 => decimal(&format!("{cents}E-2")),
            3 => decimal(&format!(
                "{}.{:030}",
                cents / 100,
                self.random.below(u64::MAX)
            )),
            // Half a cent, and the doubles next to it.
            4 => (dollars + 0.005).into(),
            5 => f64::from_bits((dollars + 0.005).to_bits() - 1).into(),
            6 => f64::from_bits((dollars + 0.005).to_bits() + 1).into(),
            7 => (dollars * 1e9).into(),
            _ => dollars.into(),
        }
    }

    fn quantity(&mut self) -> Bson {
        let units = self.random.below(4) as i32;
        match self.random.below(8) {
            0 => (f64::from(units) + 0.75).into(),
            1 => (f64::from(-units) * 1e12 - 0.25).into(),
            2 => decimal(&format!("{units}.5")),
            3 => i64::from(units).into(),
            _ => units.into(),
        }
    }

    fn one(&mut self, of: &[&str]) -> Bson {
        self.random.one(of).into()
    }

    /// No list: mongo-java-server takes one and its least element as one group.
    fn flat(&mut self) -> Bson {
        let value = self.one_of_a_type();
        match self.random.below(4) {
            0 => doc! { "": value }.into(),
            _ => value,
        }
    }

    fn one_of_a_type(&mut self) -> Bson {
        let types = self.types.len() as u64;
        let make = self.types[self.random.below(types) as usize];
        make(&mut self.random)
    }

    fn any(&mut self) -> Bson {
        let value = self.one_of_a_type();
        match self.random.below(6) {
            0 => Bson::Array(vec![value, self.any()]),
            1 => doc! { "": value, "_id": { "a.b": [self.any()] } }.into(),
            _ => value,
        }
    }
}

fn decimal(text: &str) -> Bson {
    text.parse::<Decimal128>().expect("a decimal").into()
}

/// A server takes numbers of the same value as one group. So these types share no value.
const TYPES: [Make; 24] = [
    |random| Bson::Double((random.below(1_000) as f64 + 0.5) * 1e-3),
    |_| f64::NAN.into(),
    |_| f64::NEG_INFINITY.into(),
    |random| Bson::Double(-(random.below(1_000) as f64 + 0.5) * 1e300),
    |random| {
        random
            .one(&[
                "",
                "text",
                "2026-11-22T12:00:00Z",
                "12.50",
                "ü\"\\\n\0",
                "👟",
            ])
            .into()
    },
    |random| Bson::Boolean(random.below(2) == 0),
    |_| Bson::Null,
    |random| Bson::Int32(random.below(1_000) as i32),
    |random| Bson::Int64(i64::MIN + random.below(1_000) as i64),
    |random| decimal(&format!("0.1{:033}", random.below(1_000) + 1)),
    |random| decimal(&format!("1{:03}.125E+100", random.below(1_000))),
    |random| Bson::DateTime(DateTime::from_millis(random.below(1 << 42) as i64)),
    |random| Bson::DateTime(DateTime::from_millis(-1 - random.below(1 << 42) as i64)),
    |random| ObjectId::from_bytes([random.below(256) as u8; 12]).into(),
    |random| {
        let bytes = vec![random.below(256) as u8; 5];
        let subtype = BinarySubtype::Generic;
        Binary { subtype, bytes }.into()
    },
    |random| {
        let bytes = vec![random.below(256) as u8; 16];
        let subtype = BinarySubtype::Uuid;
        Binary { subtype, bytes }.into()
    },
    |random| {
        let (time, increment) = (random.below(1 << 32) as u32, 1);
        Timestamp { time, increment }.into()
    },
    |_| {
        let (pattern, options) = (cstr!("^a").into(), cstr!("i").into());
        Regex { pattern, options }.into()
    },
    |_| Bson::JavaScriptCode("x < y".to_owned()),
    |_| {
        let (code, scope) = ("x".to_owned(), doc! { "x": 1 });
        JavaScriptCodeWithScope { code, scope }.into()
    },
    |_| Bson::Symbol("symbol".to_owned()),
    |_| Bson::Undefined,
    |_| Bson::MinKey,
    |_| Bson::MaxKey,
];
