;; expect: component.feature.threads
;;
;; The number of processors is the host's business.
(component (core func (canon thread.available_parallelism)))
