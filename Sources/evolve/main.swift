print("evolve")
