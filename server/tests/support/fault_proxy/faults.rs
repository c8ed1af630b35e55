//! What fails, and when.

use std::sync::Mutex;

use axum::http::header;

use super::answer::Parts;

/// What a request is about.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Begin,
    Chunk,
    Ask,
    Read,
    Stat,
    Copy,
    Delete,
    Permissions,
    Other,
}

#[derive(Clone, Debug)]
pub enum Fault {
    /// Answered without being carried out, with `Retry-After` where given.
    Status(u16, Option<&'static str>),
    /// The connection breaks after so many bytes of the request.
    Reset(usize),
    /// Only the first bytes of the chunk are kept.
    Keep(usize),
    /// Carried out, and the connection breaks before the answer.
    LostAnswer,
    Hang,
    /// A member of the answer's JSON is another one.
    Lie(&'static str, &'static str),
    /// The answer breaks off after so many bytes.
    Break(usize),
    /// The answer's first bytes are others.
    Flip,
    /// Asked how far an upload is, the store knows of nothing.
    Forget,
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
        Some(rule.fault.clone())
    }
}

impl Step {
    /// Of the request.
    pub fn of(parts: &Parts) -> Self {
        let path = parts.uri.path();
        let range = parts.headers.get(header::CONTENT_RANGE);
        match (parts.method.as_str(), path) {
            ("POST", path) if path.starts_with("/upload/") => Step::Begin,
            ("PUT", _) if range.is_some_and(|range| range == "bytes */*") => Step::Ask,
            ("PUT", _) => Step::Chunk,
            ("POST", path) if path.contains("/rewriteTo/") => Step::Copy,
            ("DELETE", path) if path.starts_with("/storage/") => Step::Delete,
            ("GET", path) if path.ends_with("/testPermissions") => Step::Permissions,
            ("GET", path) if path.contains("/o/") => match parts.query.contains_key("alt") {
                true => Step::Read,
                false => Step::Stat,
            },
            _ => Step::Other,
        }
    }
}
