//! Which statuses bring revenue.

use app::model::{Cents, Filter, OrderFilter};
use server::calendar::UtcWindow;
use server::store::{Dimension, OrderStore, StatusRules};

use crate::support::agreement::{agreed_on_figures, agreed_on_list};
use crate::support::draft::{Draft, orders};
use crate::support::random;
use crate::support::reads::by;
use crate::support::time::{at, ever};

const NOW: &str = "2026-11-22T10:37:21.500Z";

fn rules(not_revenue: &[&str]) -> StatusRules {
    StatusRules {
        not_revenue: not_revenue
            .iter()
            .map(|status| (*status).to_owned())
            .collect(),
    }
}

pub async fn any_statuses_may_bring_no_revenue(store: &dyn OrderStore) {
    let now = at(NOW);
    let orders = random::orders(2_000, 8, now);
    store.upsert(orders.clone()).await.expect("an upsert");
    let month = UtcWindow::last_days(30, now);
    for not_revenue in [&[][..], &["lost"], &["returned", "lost", "$status"]] {
        let rules = rules(not_revenue);
        agreed_on_figures(store, &orders, &rules, &Filter::default(), &[month]).await;
    }
}

pub async fn returned_orders_are_counted_whatever_brings_revenue(store: &dyn OrderStore) {
    let drafts = [
        Draft::at("ORD_1", NOW).status("returned"),
        Draft::at("ORD_2", NOW).status("lost"),
    ];
    store.upsert(orders(&drafts)).await.expect("an upsert");
    let (rules, all) = (rules(&["lost"]), Filter::default());
    let totals = store.totals(&rules, &all, &[ever()]).await;
    let totals = totals.expect("totals")[0];
    assert_eq!((totals.orders, totals.returned), (2, 1));
    assert_eq!(totals.revenue_cents, Cents(1_000));
}

pub async fn upper_and_lower_case_are_the_same(store: &dyn OrderStore) {
    let states = [
        "Returned",
        "RETURNED",
        "Pending",
        "sHiPpEd",
        "Cancelled",
        "cancelled",
        "delivered",
    ];
    let drafts = states.map(|status| Draft::at(&format!("ORD_{status}"), NOW).status(status));
    let orders = orders(&drafts);
    store.upsert(orders.clone()).await.expect("an upsert");
    let all = Filter::default();
    for not_revenue in [&[][..], &["returned"], &["returned", "cancelled"]] {
        agreed_on_figures(store, &orders, &rules(not_revenue), &all, &[ever()]).await;
    }
    let totals = store
        .totals(&rules(&["returned", "cancelled"]), &all, &[ever()])
        .await;
    let totals = totals.expect("totals")[0];
    assert_eq!((totals.returned, totals.revenue_cents), (2, Cents(3_000)));
    for status in ["pending", "CANCELLED"] {
        let filter = OrderFilter {
            status: status.to_owned(),
            ..OrderFilter::default()
        };
        agreed_on_list(store, &orders, &filter).await;
    }
}

pub async fn statuses_that_no_figure_knows_are_groups(store: &dyn OrderStore) {
    let states = ["pending", "lost", "Returned", "returned", ""];
    let drafts = states.map(|status| Draft::at(&format!("ORD_{status}"), NOW).status(status));
    store.upsert(orders(&drafts)).await.expect("an upsert");
    let groups = by(store, Dimension::Status, ever()).await;
    let values: Vec<_> = groups.iter().map(|group| group.value.as_str()).collect();
    assert_eq!(values, ["", "lost", "pending"]);
}
