"""What is taught: courses, lessons, questions, and the pure rules of grading and progress."""
