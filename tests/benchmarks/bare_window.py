"""The least a PySide6 program can do: one main window with one widget that paints."""

import os
import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

sys.path.insert(0, os.path.dirname(__file__))
from first_paint import report


class Page(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().window())
        painter.drawText(20, 40, "This computer's public IP")
        painter.end()
        QTimer.singleShot(0, report)


app = QApplication([])
window = QMainWindow()
window.setWindowTitle("Bare")
window.resize(1200, 800)
window.setCentralWidget(Page())
window.show()
sys.exit(app.exec())
