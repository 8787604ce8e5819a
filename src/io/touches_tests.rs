use std::fmt::Write as _;

use super::*;

/// What is read of a schedule.
fn read(text: &str, columns: &str) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let schedule = ScheduleFile::read(file.path(), &columns.parse().unwrap());
    let schedule = match schedule {
        Ok(schedule) => schedule,
        Err(error) => {
            let shown = format!("{error}\n{}\n", error.help.as_deref().unwrap_or_default());
            return shown.replace(&file.path().display().to_string(), "schedule");
        }
    };
    let zone = Zone::named("Asia/Shanghai").unwrap();
    let mut out = format!("{text}\n{} rows\n", schedule.count);
    for user in schedule.users() {
        for row in schedule.of(user) {
            let _ = match row.bind(&zone, None) {
                Ok(touch) => writeln!(out, "{user}: {touch:?}"),
                Err(reason) => writeln!(out, "{user}: line {}: {reason}", row.line),
            };
        }
    }
    for bad in &schedule.bad {
        let _ = writeln!(out, "{bad:?}");
    }
    out
}

#[test]
fn reads_what_plan_writes_and_what_others_do() {
    insta::assert_snapshot!([
        read(
            "{\"touch_id\":\"0a\",\"id\":7,\"user\":\"u1\",\"rule\":\"winback\",\"step\":1,\"occurrence\":\"x\",\"message\":\"coupon\",\
             \"channel\":\"sms\",\"at\":\"2026-03-01T02:00:00Z\",\"due\":\"2026-03-01T01:00:00Z\",\"categories\":[\"promotion\"]}\n\
             {\"user\":7,\"at\":\"2026-03-01 10:00\",\"channel\":\"sms\",\"message\":\"coupon\",\"id\":12,\"with\":{\"a\":[1]}}\n",
            ""
        ),
        read("user,at,channel,message,categories,rule,step,touch_id,due\nu1,2026-03-01 10:00,'=sms,coupon,a; b,r,2,x,\n", ""),
        read("customer;sent on;what\nu1;2026-03-01;news\n", "user=customer,at=sent on,message=what,channel=:mail"),
    ]
    .join("\n"));
}

#[test]
fn says_what_is_wrong_with_rows_and_with_files() {
    insta::assert_snapshot!([
        read(
            "{\"user\":\"u1\"}\n{\"at\":1}\n{\"user\":\"u1\",\"user\":\"u2\"}\n{oops\n\
             {\"user\":\"u1\",\"at\":\"noon\",\"channel\":\"a\",\"message\":\"b\"}\n\
             {\"user\":\"u1\",\"at\":\"2026-03-01\",\"channel\":\"a\",\"message\":\"b\",\"step\":-1}\n\
             {\"user\":\"u1\",\"at\":\"2026-03-01\",\"channel\":\"a\",\"message\":\"b\",\"categories\":[[1]]}\n",
            ""
        ),
        read("user,at,channel,message,due\nu1,2026-03-01\nu1,2026-03-01,a,b,soon\n,2026-03-01,a,b,\n", ""),
        read("user,at,message\n", ""),
        read("", ""),
        read("{}", "user=x"),
    ]
    .join("\n"));
}

#[test]
fn a_list_is_no_touch() {
    let said = read("{\"user\":\"u\"}\n[\"u\",\"2026-02-27T13:00:00\",\"push\",\"a\"]\n[]\n7\n", "");
    for wrong in
        ["`[u, 2026-02-27T13:00:00, push, a]` is not a touch", "`[]` is not a touch", "`7` is not a touch"]
    {
        assert!(said.contains(&format!("user: None, reason: \"{wrong} (an object)\"")), "{said}");
    }
    assert!(said.contains("4 rows"), "{said}");
}
