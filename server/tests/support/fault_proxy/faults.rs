//! What fails, and when.

use std::sync::Mutex;

use axum::http::header;
use axum::http::request::Parts;

/// What a request is about.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A small upload, in one request.
    Whole,
    /// The begin of a resumable upload.
    Begin,
    /// Its content.
    Send,
    /// How much of it is kept?
    Ask,
    Read,
    /// The ping.
    List,
    Other,
}

/// A number of bytes is how much gets through before the fault: of the request's body, or of the
/// answer to [`Step::Read`].
#[derive(Copy, Clone, Debug)]
pub enum Fault {
    /// Answered with this status; 308 says how much is kept.
    Status(usize, u16),
    /// The connection breaks.
    Reset(usize),
    /// Silence.
    Hang(usize),
    /// Carried out, and the connection breaks before the answer.
    LostAnswer,
    /// The answer's first byte is another one.
    Flip,
}

#[derive(Debug)]
struct Rule {
    step: Step,
    skip: usize,
    times: usize,
    fault: Fault,
}

/// What is to fail, and what was asked for.
#[derive(Debug, Default)]
pub struct Faults {
    rules: Mutex<Vec<Rule>>,
    steps: Mutex<Vec<Step>>,
}

impl Faults {
    /// From now on, `times` requests of that kind fail, after `skip` that do not.
    pub fn add(&self, step: Step, skip: usize, times: usize, fault: Fault) {
        self.rules.lock().expect("a lock").push(Rule {
            step,
            skip,
            times,
            fault,
        });
    }

    /// How many requests of that kind there were.
    pub fn count(&self, step: Step) -> usize {
        let steps = self.steps.lock().expect("a lock");
        steps.iter().filter(|seen| **seen == step).count()
    }

    /// Counts a request, and says how it fails.
    pub fn next(&self, step: Step) -> Option<Fault> {
        self.steps.lock().expect("a lock").push(step);
        let mut rules = self.rules.lock().expect("a lock");
        let rule = rules
            .iter_mut()
            .find(|rule| rule.step == step && rule.times > 0)?;
        if rule.skip > 0 {
            rule.skip -= 1;
            return None;
        }
        rule.times -= 1;
        Some(rule.fault)
    }
}

impl Step {
    /// Of the request.
    pub fn of(head: &Parts) -> Self {
        let (path, query) = (head.uri.path(), head.uri.query().unwrap_or_default());
        let range = head.headers.get(header::CONTENT_RANGE);
        match head.method.as_str() {
            "POST" if query.contains("uploadType=resumable") => Self::Begin,
            "POST" if path.starts_with("/upload/") => Self::Whole,
            "PUT" if range.is_some_and(|range| range == "bytes */*") => Self::Ask,
            "PUT" => Self::Send,
            "GET" if query.contains("alt=media") => Self::Read,
            "GET" if path.ends_with("/o") => Self::List,
            _ => Self::Other,
        }
    }
}
