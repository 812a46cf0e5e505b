"""What are meals, vehicles and needs called on the screen and on paper?"""

from __future__ import annotations

from festival.core.sentence import N_, Sentence
from festival.logistics.models import MealKind, Vehicle

MEAL_WORDS: dict[MealKind, Sentence] = {
    MealKind.BREAKFAST: N_("Bữa sáng"),
    MealKind.LUNCH: N_("Bữa trưa"),
    MealKind.DINNER: N_("Bữa tối"),
}
VEHICLE_WORDS: dict[Vehicle, Sentence] = {
    Vehicle.COACH: N_("Xe khách"),
    Vehicle.CAR: N_("Xe ô tô"),
    Vehicle.BOAT: N_("Tàu, phà"),
    Vehicle.MOTORBIKE: N_("Xe máy"),
    Vehicle.OTHER: N_("Phương tiện khác"),
}
