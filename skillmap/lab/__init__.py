"""The JupyterLab side: a learner's own Lab on this machine."""

from skillmap.lab.config import write_lab_config
from skillmap.lab.launch import lab_command, open_lab

__all__ = ["lab_command", "open_lab", "write_lab_config"]
