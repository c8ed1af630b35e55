//! What the JSON API says about an object.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use super::failure::Failure;
use crate::archive::Stored;

/// An object's metadata; the API writes 64-bit integers as strings.
#[derive(Debug, Deserialize)]
pub struct Resource {
    size: String,
    generation: String,
    crc32c: Option<String>,
}

impl Resource {
    /// What is stored.
    pub fn stored(&self) -> Result<Stored, Failure> {
        let odd = |what| Failure::Answer(format!("the object's {what} is not a number"));
        let crc32c = self.crc32c.as_deref().map(decode);
        Ok(Stored {
            bytes: self.size.parse().map_err(|_| odd("size"))?,
            generation: self.generation.parse().map_err(|_| odd("generation"))?,
            crc32c: match crc32c {
                Some(None) => return Err(odd("checksum")),
                crc32c => crc32c.flatten(),
            },
        })
    }
}

/// Big endian, as base64.
fn decode(text: &str) -> Option<u32> {
    let bytes = BASE64_STANDARD.decode(text).ok()?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

/// The checksum as the API writes it.
pub fn encode(crc32c: u32) -> String {
    BASE64_STANDARD.encode(crc32c.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_read() {
        let json =
            r#"{"kind":"storage#object","size":"9","generation":"1763889242","crc32c":"4waSgw=="}"#;
        let resource: Resource = serde_json::from_str(json).expect("JSON");
        let expected = Stored {
            bytes: 9,
            generation: 1_763_889_242,
            // The check value of CRC-32/ISCSI.
            crc32c: Some(0xe306_9283),
        };
        assert_eq!(resource.stored().expect("an object"), expected);
        assert_eq!(encode(0xe306_9283), "4waSgw==");
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for json in [
            r#"{"size":"-1","generation":"1"}"#,
            r#"{"size":"1","generation":"x"}"#,
            r#"{"size":"1","generation":"1","crc32c":"abc"}"#,
            r#"{"size":"1","generation":"1","crc32c":"AAAA"}"#,
        ] {
            let resource: Resource = serde_json::from_str(json).expect("JSON");
            resource.stored().expect_err(json);
        }
    }
}
