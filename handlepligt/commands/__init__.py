"""The commands of `handlepligt`, one file a group. Heavy rooms are imported inside the functions."""
