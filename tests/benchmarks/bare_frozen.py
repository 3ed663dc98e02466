"""The least a frozen PySide6 program can do: one window that stays."""

import sys

from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

app = QApplication([])
window = QMainWindow()
window.setWindowTitle("Bare")
window.resize(1200, 800)
window.setCentralWidget(QLabel("This computer's public IP"))
window.show()
sys.exit(app.exec())
