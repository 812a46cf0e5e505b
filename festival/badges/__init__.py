"""Who comes without being in a family? Officers, drivers, guests, press, jury, committee, volunteers, service."""
