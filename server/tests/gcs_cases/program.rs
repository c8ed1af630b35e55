//! The real program over a bucket.

use serde_json::Value;

use crate::support::gcs;
use crate::support::program::Program;

const ORDERS: &str = r#"{"order_id":"A1","created_at":"2020-05-04T10:00:00Z","total":2.5}
{"order_id":"A2","created_at":"2020-05-31T22:30:00Z","total":3.5}
"#;
const MAY: &str = "shopstream/orders/2020/05/31/orders_export.jsonl";

#[tokio::test]
async fn a_month_is_archived_published_and_verified() {
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
    let text = |member: &str| run[member].as_str().expect("text");
    let (run_id, own) = (text("run_id"), text("stored_as"));
    assert_eq!(own, format!("shopstream/orders/runs/{run_id}.jsonl"));
    assert_eq!(text("location"), format!("gs://{}/{own}", config.bucket));
    let receipt = format!("shopstream/metadata/runs/{run_id}.json");
    let info = "shopstream/metadata/run_info.json";
    assert_eq!(
        gcs::objects(&config).await,
        [info, receipt.as_str(), MAY, own]
    );
    let lines = gcs::content(&config, own).await.expect("its own object");
    assert_eq!(gcs::content(&config, MAY).await.as_ref(), Some(&lines));

    let verified = || {
        let ended = program.run(&["verify", run_id, "--json"]);
        let report: Value = serde_json::from_str(&ended.stdout).expect("JSON");
        (ended.code, report)
    };
    let (code, intact) = verified();
    assert_eq!((code, &intact["outcome"]), (Some(0), &"intact".into()));
    assert_eq!(intact["found"], intact["expected"]);

    let mut changed = lines;
    changed[20] ^= 1;
    gcs::write(&config, own, changed).await;
    let (code, report) = verified();
    assert_eq!((code, &report["outcome"]), (Some(1), &"changed".into()));
    gcs::delete(&config, own).await;
    let (code, report) = verified();
    assert_eq!((code, &report["outcome"]), (Some(1), &"missing".into()));
    assert_eq!(report["found"], Value::Null);
}
