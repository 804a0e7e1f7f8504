"""The figures of the Validation chapter, each beside a model that knows nothing, with its n."""
