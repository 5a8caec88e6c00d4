"""Colleagues at the desk: who may do what, the links that appoint them, and the trail of every change."""
