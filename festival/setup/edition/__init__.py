"""How does an organiser make an edition in three steps, and change those steps later? (room setup)"""
