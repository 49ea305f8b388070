// Mutation
