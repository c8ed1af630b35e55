//! The products and customers of the synthetic shop.

/// A product with its fixed price.
#[derive(Debug)]
pub struct Product {
    pub id: &'static str,
    pub name: &'static str,
    pub category: &'static str,
    /// In cents, 20.00 to 300.00 dollars.
    pub price: i64,
}

const fn product(
    id: &'static str,
    name: &'static str,
    category: &'static str,
    price: i64,
) -> Product {
    Product {
        id,
        name,
        category,
        price,
    }
}

/// Products with their weights: some sell well, some badly.
pub const PRODUCTS: [(u64, Product); 20] = [
    (14, product("PROD_001", "Harbor Sneaker", "footwear", 8_995)),
    (
        9,
        product("PROD_002", "Ridge Trail Shoe", "footwear", 12_900),
    ),
    (6, product("PROD_003", "Canvas Slip-On", "footwear", 6_450)),
    (4, product("PROD_004", "Summit Boot", "footwear", 15_999)),
    (7, product("PROD_005", "Court Classic", "footwear", 7_490)),
    (10, product("PROD_006", "Everyday Tee", "apparel", 2_499)),
    (
        8,
        product("PROD_007", "Merino Socks, 3 pairs", "apparel", 3_950),
    ),
    (6, product("PROD_008", "Linen Shirt", "apparel", 5_900)),
    (3, product("PROD_009", "Rain Jacket", "apparel", 11_995)),
    (4, product("PROD_010", "Knit Beanie", "apparel", 2_000)),
    (6, product("PROD_011", "Canvas Tote", "accessories", 2_995)),
    (4, product("PROD_012", "Leather Belt", "accessories", 4_500)),
    (3, product("PROD_013", "Phone Strap", "accessories", 2_249)),
    (
        2,
        product("PROD_014", "Travel Wallet", "accessories", 9_875),
    ),
    (
        1,
        product("PROD_015", "Weekender Bag", "accessories", 17_500),
    ),
    (
        4,
        product(
            "PROD_016",
            "Noise-Cancelling Earbuds",
            "electronics",
            19_999,
        ),
    ),
    (1, product("PROD_017", "Smart Watch", "electronics", 30_000)),
    (
        5,
        product("PROD_018", "Portable Speaker", "electronics", 7_999),
    ),
    (2, product("PROD_019", "E-Reader", "electronics", 14_950)),
    (
        1,
        product("PROD_020", "Action Camera", "electronics", 24_900),
    ),
];

/// Customers are numbered from 1.
pub const CUSTOMERS: u64 = 100;

/// Regions with how many customers each has.
const REGIONS: [(u64, &str); 4] = [(41, "North"), (27, "South"), (20, "East"), (12, "West")];

/// The region of a customer, counted from 0.
pub fn region(customer: u64) -> &'static str {
    // 37 and 100 have no common factor, so neighbours are in different regions.
    let mut place = customer * 37 % CUSTOMERS;
    for (customers, region) in REGIONS {
        match place.checked_sub(customers) {
            Some(rest) => place = rest,
            None => return region,
        }
    }
    REGIONS[0].1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalog_has_5_products_a_category_from_20_to_300_dollars() {
        let customers: u64 = REGIONS.iter().map(|(customers, _)| customers).sum();
        assert_eq!(customers, CUSTOMERS);
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
