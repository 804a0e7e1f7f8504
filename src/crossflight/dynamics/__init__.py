"""Time scales, frames, forces and propagation: numbers on arrays; knows orbits and no plan."""
