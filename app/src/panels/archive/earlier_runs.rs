use leptos::prelude::*;

use super::outcome::outcome;
use super::verify_form::VerifyForm;
use crate::components::Time;
use crate::model::number::{grouped, size};
use crate::model::{ArchiveRun, RunState};
use crate::page::Rendering;

/// The runs before, newest first.
#[component]
pub fn EarlierRuns(
    runs: Vec<ArchiveRun>,
    /// Why these are the last known, or none.
    stale_because: Option<String>,
) -> impl IntoView {
    if runs.is_empty() {
        let words = match stale_because {
            Some(because) => format!("The earlier archives are not known: {because}."),
            None => "Nothing has been archived yet.".to_owned(),
        };
        return view! { <p class="empty">{words}</p> }.into_any();
    }
    let stale = stale_because.map(|because| {
        view! { <p class="guard">"As last known: " {because} "."</p> }
    });
    let today = expect_context::<Rendering>().at.day();
    let row = |run: ArchiveRun| {
        let succeeded = run.state == RunState::Succeeded;
        let figure = |text: String| if succeeded { text } else { "—".to_owned() };
        let (to, started_at) = (run.window.to, run.started_at);
        let class = match run.state {
            RunState::Succeeded if !run.is_damaged() => Some("ok"),
            RunState::Succeeded | RunState::Failed => Some("problem"),
            _ => None,
        };
        // The reason takes the table's width: beside the figures it would be a dozen short lines.
        let why = match run.state {
            RunState::Failed => run.error.clone(),
            _ => run
                .unpublished_because
                .as_ref()
                .map(|why| format!("not published: {why}")),
        };
        let why = why.map(|why| {
            view! { <tr class="why"><td colspan="4" class="problem">{why}</td></tr> }
        });
        let outcome = match run.state {
            RunState::Failed => "failed".to_owned(),
            _ => outcome(&run),
        };
        let name = run.month.name();
        view! {
            <tr>
                <th scope="row">
                    {name} ", to " <Time at=to text=to.day_and_time() />
                    <span class="sub">" · run " <Time at=started_at text=started_at.relative_to(today) /></span>
                </th>
                <td class="num">{figure(grouped(run.orders))}</td>
                <td class="num hide-s">{figure(size(run.bytes))}</td>
                <td>
                    <span class=class>{outcome}</span> " "
                    {succeeded.then(|| view! { <VerifyForm run /> })}
                </td>
            </tr>
            {why}
        }
    };
    view! {
        {stale}
        <table>
            <caption class="visually-hidden">"Earlier runs"</caption>
            <thead>
                <tr>
                    <th scope="col">"Earlier runs"</th>
                    <th scope="col" class="num">"Orders"</th>
                    <th scope="col" class="num hide-s">"Size"</th>
                    <th scope="col">"Result"</th>
                </tr>
            </thead>
            <tbody>{runs.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
