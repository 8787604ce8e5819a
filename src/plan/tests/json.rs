//! The form that machines read.

use super::{Horizon, plan};

#[test]
fn a_plan_is_json() {
    let rules = "channel push, sms\nmessage hello: care, promo in en, zh\nquiet hours 21:00 to 09:00 for push\n\
                 rule hello if tier is gold then send hello via push with tier tier, share 2.5, none points\n\
                 rule bye if tier is gold then send bye via sms\nattribute points: number\nattribute tier: text";
    let user = r#"{"id": "u", "timezone": "Asia/Shanghai", "attributes": {"tier": "gold"}, "consent": {"sms": false}}"#;
    let plan = plan(rules, user, "2026-03-01T14:00:00Z", Horizon::hours(24));
    insta::assert_json_snapshot!(plan);
}
