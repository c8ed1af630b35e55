//! The products and customers of the synthetic shop.

/// A product with its fixed price.
#[derive(Debug)]
pub struct Product {
    pub id: &'static str,
    pub category: &'static str,
    /// In cents, 20.00 to 300.00 dollars.
    pub price: i64,
}

const fn product(id: &'static str, category: &'static str, price: i64) -> Product {
    Product {
        id,
        category,
        price,
    }
}

/// Products with their weights: some sell well, some badly.
pub const PRODUCTS: [(u64, Product); 20] = [
    (9, product("PROD_001", "footwear", 8_995)),
    (6, product("PROD_002", "footwear", 12_900)),
    (4, product("PROD_003", "footwear", 6_450)),
    (3, product("PROD_004", "footwear", 15_999)),
    (5, product("PROD_005", "footwear", 7_490)),
    (10, product("PROD_006", "apparel", 2_499)),
    (8, product("PROD_007", "apparel", 3_950)),
    (6, product("PROD_008", "apparel", 5_900)),
    (3, product("PROD_009", "apparel", 11_995)),
    (4, product("PROD_010", "apparel", 2_000)),
    (7, product("PROD_011", "accessories", 2_995)),
    (5, product("PROD_012", "accessories", 4_500)),
    (4, product("PROD_013", "accessories", 2_249)),
    (3, product("PROD_014", "accessories", 9_875)),
    (2, product("PROD_015", "accessories", 17_500)),
    (5, product("PROD_016", "electronics", 19_999)),
    (3, product("PROD_017", "electronics", 30_000)),
    (6, product("PROD_018", "electronics", 7_999)),
    (4, product("PROD_019", "electronics", 14_950)),
    (3, product("PROD_020", "electronics", 24_900)),
];

/// Statuses with their share in percent.
pub const STATUSES: [(u64, &str); 4] = [
    (5, "pending"),
    (15, "shipped"),
    (75, "delivered"),
    (5, "returned"),
];

/// Customers are numbered from 1.
pub const CUSTOMERS: u64 = 100;

/// Each customer is in one region.
pub const REGIONS: [&str; 4] = ["North", "South", "East", "West"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalog_has_5_products_a_category_from_20_to_300_dollars() {
        assert_eq!(STATUSES.iter().map(|(share, _)| share).sum::<u64>(), 100);
        for (index, (_, product)) in PRODUCTS.iter().enumerate() {
            assert_eq!(product.id, format!("PROD_{:03}", index + 1));
            assert!((2_000..=30_000).contains(&product.price));
        }
        for category in ["footwear", "apparel", "accessories", "electronics"] {
            let of_category = PRODUCTS.iter().filter(|(_, p)| p.category == category);
            assert_eq!(of_category.count(), 5);
        }
    }
}
