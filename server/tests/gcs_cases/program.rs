//! The real program over a bucket.

use serde_json::Value;

use crate::support::gcs;
use crate::support::program::Program;

const ORDERS: &str = r#"{"order_id":"A1","created_at":"2020-05-04T10:00:00Z","total":2.5}
{"order_id":"A2","created_at":"2020-05-31T22:30:00Z","total":3.5}
"#;
const MAY: &str = "shopstream/orders/2020/05/31/orders_export.jsonl";

#[tokio::test]
async fn verify_tells_generations() {
    let Some(config) = gcs::bucket().await else {
        return;
    };
    let endpoint = config.endpoint.as_deref().expect("an endpoint");
    let program = Program::new()
        .with("GCS_BUCKET_NAME", &config.bucket)
        .with("STORAGE_EMULATOR_HOST", endpoint);
    assert_eq!(program.run_with(&["import", "-"], ORDERS).code, Some(0));
    let run = program.succeeds(&["archive", "--month", "2020-05", "--json"]);
    let run: Value = serde_json::from_str(&run).expect("JSON");
    let run_id = run["run_id"].as_str().expect("a run id");
    assert!(run["generation"].is_i64(), "{run}");

    let report = |said: &str| -> Value { serde_json::from_str(said).expect("JSON") };
    let intact = report(&program.succeeds(&["verify", run_id, "--json"]));
    assert_eq!(intact["outcome"], "intact");
    assert_eq!(intact["found"], intact["expected"]);
    assert_eq!(intact["found"]["generation"], run["generation"]);

    let content = gcs::content(&config, MAY).await.expect("an archive");
    gcs::write(&config, MAY, content).await;
    let ended = program.run(&["verify", run_id, "--json"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
    let replaced = report(&ended.stdout);
    assert_eq!(replaced["outcome"], "replaced");
    assert!(replaced["found"]["generation"].is_i64(), "{replaced}");
    assert_ne!(replaced["found"]["generation"], run["generation"]);
    // Nothing is lost by it.
    program.succeeds(&["verify", "--all"]);

    gcs::delete(&config, MAY).await;
    let ended = program.run(&["verify", "--all", "--json"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_eq!(report(&ended.stdout)["found"], Value::Null);
}
