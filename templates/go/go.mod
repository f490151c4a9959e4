module component

go 1.27
