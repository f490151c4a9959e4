-- How many customers do both banks have, and how much money do these have at each of them?
-- A segment of fewer than 5 shared customers is left out: a sum over so few says too much of each.
select a.segment, count(*) as customers, round(sum(a.balance), 2) as at_bank_a, round(sum(b.balance), 2) as at_bank_b
from bank_a a join bank_b b using (customer)
group by a.segment
having count(*) >= 5
order by a.segment
