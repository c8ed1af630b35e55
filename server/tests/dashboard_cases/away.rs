//! One read that fails, while the others work.

use app::model::Filter;
use app::ports::{Dashboard, Read};

use crate::support::lesson;
use crate::support::stage::Stage;

#[tokio::test]
async fn a_failing_metric_does_not_take_the_others_with_it() {
    let stage = Stage::open("UTC", lesson::NOW, lesson::orders()).await;
    stage.store.fail(&["by_product"]);
    for _ in 0..10 {
        let products = stage
            .dashboard
            .top_products(&Filter::default(), Read::Cached)
            .await;
        products.expect_err("a failure");
        let active = stage
            .dashboard
            .active_orders(&Filter::default(), Read::Fresh)
            .await;
        active.expect("active orders");
    }
}
