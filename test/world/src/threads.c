#include <pthread.h>
#include <stdio.h>

static __thread int local = 1;
static int total;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *value)
{
    for (int i = 0; i < 1000; i++)
        local++;
    pthread_mutex_lock(&lock);
    total += local + *(int *)value;
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(void)
{
    pthread_t threads[8];
    int values[8];
    for (int i = 0; i < 8; i++) {
        values[i] = i;
        pthread_create(&threads[i], NULL, work, &values[i]);
    }
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    printf("threads %d local %d\n", total, local);
    return 0;
}
