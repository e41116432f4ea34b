"""The JupyterLab side: a learner's own Lab on this machine."""

from skillmap.lab.launch import lab_command, open_lab

__all__ = ["lab_command", "open_lab"]
