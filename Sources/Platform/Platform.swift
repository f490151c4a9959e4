// Every call to Linux that the project makes. The first of the two unsafe zones.
