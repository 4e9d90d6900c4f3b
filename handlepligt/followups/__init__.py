"""The sweep that finds what is due, and the timetable that wakes it."""
