"""How much one notebook may use. Each limit has its own reason for the learner."""

from dataclasses import dataclass

__all__ = ["Limits"]

MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one box; times in seconds, sizes in bytes.

    cell_cpu_s: processor time of one cell or one call, of all its processes together.
    notebook_cpu_s: the same for the whole notebook. wall_factor: a cell may take so many times
    its processor time by the clock, because a busy machine must fail nobody.
    memory_bytes: of all processes together, beyond what Python itself needs.
    """

    cell_cpu_s: float = 30.0
    notebook_cpu_s: float = 120.0
    wall_factor: float = 4.0
    memory_bytes: int = 1024 * MIB
    disk_bytes: int = 64 * MIB
    n_files: int = 4096
    n_processes: int = 64
    n_open_files: int = 256
    output_bytes: int = 2 * MIB
    value_bytes: int = 32 * MIB

    @property
    def cell_wall_s(self) -> float:
        """How long a cell may take by the clock."""
        return self.wall_factor * self.cell_cpu_s

    @property
    def notebook_wall_s(self) -> float:
        """How long the judge waits for all cells and calls together."""
        return self.wall_factor * self.notebook_cpu_s
