//! What there is in the world of the generated users.

/// Time zones with their weights. In some clocks change within a week of [`NOW`](super::NOW), in others never; one has an
/// offset of 45 minutes, one changes by half an hour.
pub const ZONES: [(&str, u32); 20] = [
    ("Asia/Shanghai", 620),
    ("Asia/Hong_Kong", 40),
    ("Asia/Taipei", 25),
    ("Asia/Singapore", 30),
    ("Asia/Tokyo", 30),
    ("Asia/Kolkata", 15),
    ("Asia/Dubai", 12),
    ("Asia/Kathmandu", 3),
    ("Europe/London", 35),
    ("Europe/Paris", 30),
    ("Europe/Berlin", 30),
    ("Africa/Cairo", 6),
    ("America/New_York", 45),
    ("America/Chicago", 15),
    ("America/Los_Angeles", 30),
    ("America/Sao_Paulo", 10),
    ("America/St_Johns", 2),
    ("Australia/Sydney", 15),
    ("Australia/Lord_Howe", 1),
    ("Pacific/Auckland", 6),
];

/// Tiers with their weights.
pub const TIERS: [(&str, u32); 4] = [("bronze", 55), ("silver", 27), ("gold", 13), ("diamond", 5)];

/// Why people left, with weights.
pub const REASONS: [(&str, u32); 4] = [("price", 45), ("service", 25), ("experience", 20), ("safety", 10)];

/// What is bought, with weights.
pub const CATEGORIES: [(&str, u32); 16] = [
    ("milk", 14),
    ("coffee", 12),
    ("tea", 10),
    ("snacks", 10),
    ("nappies", 6),
    ("milk powder", 5),
    ("pet food", 5),
    ("cosmetics", 7),
    ("shampoo", 6),
    ("vitamins", 4),
    ("wine", 4),
    ("books", 5),
    ("toys", 4),
    ("shoes", 4),
    ("kitchen", 3),
    ("garden", 1),
];

/// Cities with weights.
pub const CITIES: [(&str, u32); 40] = [
    ("上海", 90),
    ("北京", 80),
    ("广州", 60),
    ("深圳", 60),
    ("杭州", 45),
    ("成都", 45),
    ("武汉", 35),
    ("南京", 35),
    ("重庆", 35),
    ("西安", 30),
    ("苏州", 30),
    ("天津", 25),
    ("长沙", 25),
    ("青岛", 20),
    ("厦门", 18),
    ("昆明", 15),
    ("郑州", 20),
    ("大连", 15),
    ("宁波", 15),
    ("福州", 12),
    ("香港", 25),
    ("台北", 20),
    ("Singapore", 20),
    ("東京", 20),
    ("Mumbai", 10),
    ("Dubai", 8),
    ("London", 20),
    ("Paris", 18),
    ("Berlin", 10),
    ("München", 10),
    ("القاهرة", 5),
    ("New York", 25),
    ("Chicago", 10),
    ("San Francisco", 12),
    ("Los Angeles", 10),
    ("São Paulo", 8),
    ("St. John's", 1),
    ("Sydney", 8),
    ("Melbourne", 6),
    ("Auckland", 4),
];

/// Languages with weights.
pub const LOCALES: [(&str, u32); 10] = [
    ("zh-CN", 62),
    ("zh-HK", 5),
    ("zh-TW", 3),
    ("en-GB", 8),
    ("en-US", 9),
    ("ja-JP", 3),
    ("fr-FR", 3),
    ("de-DE", 4),
    ("pt-BR", 2),
    ("ar-EG", 1),
];

/// Names of people.
pub const NAMES: [&str; 32] = [
    "王芳",
    "李伟",
    "张敏",
    "刘洋",
    "陈静",
    "杨勇",
    "黄丽",
    "赵磊",
    "吴霞",
    "周涛",
    "徐艳",
    "孙强",
    "马秀英",
    "朱建华",
    "胡志明",
    "欧阳娜娜",
    "林佳慧",
    "郭子轩",
    "何雨桐",
    "高一诺",
    "佐藤 陽子",
    "François Lefèvre",
    "Zoë Müller",
    "Aarav Sharma",
    "Emily O'Neill",
    "José da Conceição",
    "محمد حسن",
    "James Smith",
    "Olivia Jones",
    "Noah \"Nod\" Weiß",
    "Søren Ångström",
    "Nguyễn Thị Hương",
];

/// Devices.
pub const DEVICES: [(&str, u32); 4] = [("ios", 38), ("android", 52), ("web", 8), ("mini_program", 2)];

/// Where people came from.
pub const SOURCES: [(&str, u32); 6] =
    [("organic", 40), ("wechat_ads", 25), ("referral", 12), ("store", 13), ("search_ads", 8), ("影响者", 2)];

/// Which rule sent what over which channel: what the history of contacts is made of. The last is none of the rules' own.
pub const PAST_CONTACTS: [(&str, &str, &str, u32); 14] = [
    ("newsletter", "newsletter", "email", 20),
    ("members_day", "members_day", "push", 22),
    ("cart_abandoned", "cart_reminder", "push", 14),
    ("delivery_survey", "delivery_survey", "wechat", 12),
    ("gold_quiet", "gold_coupon", "push", 4),
    ("winback_price", "price_coupon", "sms", 4),
    ("welcome", "welcome_gift", "wechat", 6),
    ("birthday", "birthday_greeting", "wechat", 5),
    ("refill", "refill_reminder", "wechat", 6),
    ("browsers", "browse_reminder", "push", 8),
    ("app_inactive", "come_back", "push", 8),
    ("second_order", "second_order_coupon", "wechat", 4),
    ("invite_friends", "invite", "email", 4),
    ("flash_sale_2025", "flash_sale", "sms", 12),
];
