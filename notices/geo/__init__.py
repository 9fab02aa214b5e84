"""Where a request comes from: addresses, forwarding and geo headers, databases, and the locator that unites them."""
