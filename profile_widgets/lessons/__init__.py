"""What the lessons ask: each section of a lesson's notebook has a question that is answered there and looked at here.

``asking`` is a lesson with its questions; a module for each lesson holds what is asked and how an answer is judged.
"""

from profile_widgets.lessons.asking import Lesson, Question, Verdict

__all__ = ["Lesson", "Question", "Verdict"]
