//! What is wrong with a MongoDB URI, said without quoting it: it may hold a password, and in a
//! broken one nobody knows where.

use mongodb::options::ConnectionString;

const ENCODE: &str = "the user name or the password holds a character that has to be \
                      percent-encoded: % as %25, @ as %40, : as %3A, / as %2F, ? as %3F, # as %23";

/// Whether the driver can use `uri`; if not, why.
pub(super) fn check(uri: &str) -> Result<(), String> {
    if uri.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        return Err("there is a space or a line break in it".to_owned());
    }
    let (is_srv, rest) = match (
        uri.strip_prefix("mongodb://"),
        uri.strip_prefix("mongodb+srv://"),
    ) {
        (Some(rest), _) => (false, rest),
        (_, Some(rest)) => (true, rest),
        _ => return Err("expected mongodb:// or mongodb+srv:// at the beginning".to_owned()),
    };
    let (before_options, options) = rest.split_once('?').unwrap_or((rest, ""));
    let (user, hosts) = match before_options.rsplit_once('@') {
        Some((user, hosts)) => (Some(user), hosts),
        None => (None, before_options),
    };
    // Before the driver sees it, which panics at some characters after a %.
    if user.is_some_and(|user| !is_encoded(user)) {
        return Err(ENCODE.to_owned());
    }
    let Err(_) = ConnectionString::parse(uri) else {
        return Ok(());
    };

    // An @ after the first / or ? ends a user name or password that has one of these in it.
    let hosts_alone = hosts.split('/').next().unwrap_or_default();
    if options.contains('@') || hosts.contains('@') || user.is_some_and(|user| !parses(user, "h")) {
        return Err(match user {
            Some(user) if user.is_empty() || user.starts_with(':') => {
                "there is no user name before the @".to_owned()
            }
            _ => ENCODE.to_owned(),
        });
    }
    check_hosts(hosts_alone, is_srv)?;
    for option in options.split('&').filter(|_| !options.is_empty()) {
        check_option(option)?;
    }
    if !hosts.is_empty() && ConnectionString::parse(format!("mongodb://{hosts}")).is_err() {
        return Err("the database after the hosts has a character that none can have".to_owned());
    }
    Err("its options do not go together, or not with its kind of address".to_owned())
}

/// Whether every % is followed by two hexadecimal digits, and nothing stands there that ends a
/// user name or password.
fn is_encoded(user: &str) -> bool {
    let encoded = user.split('%').skip(1).all(|rest| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    encoded && !user.contains(['@', '/', '[', ']', '#']) && user.matches(':').count() <= 1
}

fn parses(user: &str, host: &str) -> bool {
    ConnectionString::parse(format!("mongodb://{user}@{host}")).is_ok()
}

fn check_hosts(hosts: &str, is_srv: bool) -> Result<(), String> {
    if hosts.is_empty()
        || hosts
            .split(',')
            .any(|host| host.is_empty() || host.starts_with(':'))
    {
        return Err(
            "there is no host: expected one as in mongodb://db.example.com:27017".to_owned(),
        );
    }
    let one = |host: &str| ConnectionString::parse(format!("mongodb://{host}")).is_ok();
    if !hosts.split(',').all(one) {
        return Err(
            "a host or its port cannot be used: expected HOST or HOST:PORT, the port from 1 to \
             65535, an IPv6 address in brackets"
                .to_owned(),
        );
    }
    if is_srv && hosts.contains(',') {
        return Err("mongodb+srv:// takes exactly one host".to_owned());
    }
    if is_srv && ConnectionString::parse(format!("mongodb+srv://{hosts}")).is_err() {
        return Err("mongodb+srv:// takes a host name without port".to_owned());
    }
    Ok(())
}

/// Options that can only be judged beside others are left to the driver.
fn check_option(option: &str) -> Result<(), String> {
    let Some((name, value)) = option.split_once('=') else {
        return Err("an option after the ? is not NAME=VALUE".to_owned());
    };
    // Only what looks like a name of the driver's is shown.
    let is_name = name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    let name = if is_name { name } else { "…" };
    let Err(error) = ConnectionString::parse(format!("mongodb://h/?{name}={value}")) else {
        return Ok(());
    };
    // The driver has one kind of error for all this; its text begins with the name of the option.
    let unknown = format!("{} is an invalid option", name.to_lowercase());
    if error.to_string().contains(&unknown) {
        return Err(format!("the option {name} is not known"));
    }
    match name.to_lowercase().as_str() {
        "maxstalenessseconds"
        | "readpreferencetags"
        | "authmechanism"
        | "srvservicename"
        | "srvmaxhosts"
        | "authmechanismproperties" => Ok(()),
        _ => Err(format!("the value of the option {name} cannot be used")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_driver_takes_is_taken() {
        for uri in [
            "mongodb://localhost",
            "mongodb://127.0.0.1:27017/",
            "mongodb://[::1]:27017/shopstream",
            "mongodb://u:p%40ss@a:1,b:2/admin?replicaSet=rs0&readPreference=secondaryPreferred",
            "mongodb://u:p@h/?tls=true&tlsCAFile=%2Fetc%2Fca.pem&authSource=admin",
            "mongodb+srv://u:p@cluster0.example.mongodb.net/?retryWrites=true&w=majority&appName=x",
            "mongodb://h/?readPreference=secondary&maxStalenessSeconds=120&readPreferenceTags=dc:a",
            "mongodb://u@h/?authMechanism=SCRAM-SHA-256",
        ] {
            assert_eq!(check(uri), Ok(()), "{uri}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_without_the_secret() {
        for (uri, part) in [
            ("localhost:27017", "expected mongodb://"),
            ("postgres://u:hunter2@h", "expected mongodb://"),
            ("MONGODB://u:hunter2@h", "expected mongodb://"),
            ("mongodb://u:hunter2@h\n", "a line break"),
            ("mongodb://u:hunter 2@h", "a space"),
            ("mongodb://", "there is no host"),
            ("mongodb:///hunter2", "there is no host"),
            ("mongodb://u:hunter2@", "there is no host"),
            ("mongodb://u:hunter2@/admin", "there is no host"),
            ("mongodb://u:hunter2@:27017", "there is no host"),
            ("mongodb://u:hunter2@h,", "there is no host"),
            ("mongodb+srv://", "there is no host"),
            ("mongodb://u:hunter2@h:port", "the port from 1 to 65535"),
            ("mongodb://u:hunter2@h:0", "the port from 1 to 65535"),
            ("mongodb://u:hunter2@h:65536", "the port from 1 to 65535"),
            ("mongodb://u:hunter2@[::1", "an IPv6 address in brackets"),
            ("mongodb://u:hunter2@x@h", "@ as %40"),
            ("mongodb://u:hunter2/x@h", "/ as %2F"),
            ("mongodb://u:hunter2?x@h", "? as %3F"),
            ("mongodb://u:hunter2:x@h", ": as %3A"),
            ("mongodb://u:hunter2#x@h", "# as %23"),
            ("mongodb://u:hunter2%@h", "% as %25"),
            ("mongodb://u:hunter2%€@h", "% as %25"),
            ("mongodb://u:hunter2%ff@h", "% as %25"),
            ("mongodb://:hunter2@h", "no user name"),
            ("mongodb://@h", "no user name"),
            ("mongodb+srv://u:hunter2@h:27017", "without port"),
            ("mongodb+srv://u:hunter2@a,b", "exactly one host"),
            ("mongodb://u:hunter2@h/?hunter2", "NAME=VALUE"),
            (
                "mongodb://u:hunter2@h/?tls=hunter2",
                "the option tls cannot",
            ),
            (
                "mongodb://u:hunter2@h/?sslmode=hunter2",
                "sslmode is not known",
            ),
            (
                "mongodb://u:hunter2@h/?maxPoolSize=-1",
                "the option maxPoolSize",
            ),
            ("mongodb://u:hunter2@h/hunter2$", "the database"),
            (
                "mongodb+srv://u:hunter2@h/?directConnection=true",
                "do not go together",
            ),
            ("mongodb://h/?authMechanism=HUNTER2", "do not go together"),
        ] {
            let problem = check(uri).expect_err(uri);
            assert!(problem.contains(part), "{uri}: {problem}");
            assert!(
                !problem.to_lowercase().contains("hunter2"),
                "{uri}: {problem}"
            );
        }
    }
}
